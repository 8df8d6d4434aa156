/* Storage that several words of its owner lead to, that a library's class
 * holds behind a plain pointer, or that holds nothing but a container. */
#include <any>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>
#include "victim.h"

struct Parent {
	virtual ~Parent()
	{
	}
};

struct Child {
	std::shared_ptr<Parent> parent_;
	virtual ~Child()
	{
	}
};

using Link = std::shared_ptr<Child>;

struct WithDeque : Parent {
	std::deque<Link> children_;
	void add(Link child)
	{
		children_.push_back(child);
	}
};

struct WithTable : Parent {
	std::unordered_map<int, Link> children_;
	void add(Link child)
	{
		children_[(int)children_.size()] = child;
	}
};

struct WithAny : Parent {
	std::any child_;
	void add(Link child)
	{
		child_ = child;
	}
};

struct WithApart : Parent {
	std::unique_ptr<std::vector<Link>> children_{new std::vector<Link>};
	void add(Link child)
	{
		children_->push_back(child);
	}
};

template <class T> static NOINLINE void make_one(std::shared_ptr<T> parent)
{
	auto child = std::make_shared<Child>();

	child->parent_ = parent;
	parent->add(child);
}

template <class T> static NOINLINE void make()
{
	auto parent = std::make_shared<T>();

	make_one(parent);
}

#define EXPECT(type, field, parts)                                           \
	say("expect cycle count=3 parts=%d cause=cycle ring=2 root=* "       \
	    "title=" type "_⇄_Child head=" type " cut=parent_ "              \
	    "advice=make_Child::parent_ edges=" type "." field ">Child,Chil" \
	    "d.parent_>" type,                                               \
	    parts)

int main()
{
	EXPECT("WithDeque", "children_[0]", 2);
	EXPECT("WithTable", "children_[0].second", 2);
	EXPECT("WithAny", "child_", 1);
	EXPECT("WithApart", "children_[0]", 2);
	TIMES(3)
	{
		away(make<WithDeque>);
		away(make<WithTable>);
		away(make<WithAny>);
		away(make<WithApart>);
	}
	return 0;
}
