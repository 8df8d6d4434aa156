/* Children in a vector, in a list, in a private half. Each knows its parent by
 * the only reference that can be made weak. */
#include <list>
#include <memory>
#include <vector>
#include "victim.h"

struct Parent;

struct Child {
	std::shared_ptr<Parent> parent_;
	virtual ~Child()
	{
	}
};

struct Parent : std::enable_shared_from_this<Parent> {
	virtual ~Parent()
	{
	}
};

struct WithVector : Parent {
	std::vector<std::shared_ptr<Child>> children_;
};

struct WithList : Parent {
	std::list<std::shared_ptr<Child>> children_;
};

struct Private {
	std::shared_ptr<Child> children_[2];
};

struct WithPimpl : Parent {
	std::unique_ptr<Private> d_{new Private};
};

static NOINLINE std::shared_ptr<Child> child_of(std::shared_ptr<Parent> parent)
{
	auto child = std::make_shared<Child>();

	child->parent_ = parent;
	return child;
}

static NOINLINE void make_vector()
{
	auto parent = std::make_shared<WithVector>();

	for (int k = 0; k < 2; k++)
		parent->children_.push_back(child_of(parent));
}

static NOINLINE void make_list()
{
	auto parent = std::make_shared<WithList>();

	for (int k = 0; k < 3; k++)
		parent->children_.push_back(child_of(parent));
}

/* Of one element nobody knows how many there may be. */
static NOINLINE void make_one()
{
	auto parent = std::make_shared<WithList>();

	parent->children_.push_back(child_of(parent));
}

static NOINLINE void make_pimpl()
{
	auto parent = std::make_shared<WithPimpl>();

	for (int k = 0; k < 2; k++)
		parent->d_->children_[k] = child_of(parent);
}

#ifdef NAMED
#define CUT " root=* cut=parent_ advice=make_Child::parent_"
#else
#define CUT " root=* advice=std::weak_ptr cut="
#endif

int main()
{
#ifdef NAMED
	say("expect cycle count=3 members=4 parts=1 cause=cycle ring=2 "
	    "retained_blocks=0 title=WithVector_⇄_Child head=WithVector" CUT);
	say("expect cycle count=3 members=7 parts=3 cause=cycle ring=2 "
	    "retained_blocks=0 title=WithList_⇄_Child head=WithList" CUT);
	say("expect cycle count=3 members=4 parts=1 cause=cycle ring=2 "
	    "retained_blocks=0 title=WithPimpl_⇄_Child head=WithPimpl" CUT);
	say("expect cycle count=3 members=3 parts=1 cause=cycle ring=2 "
	    "retained_blocks=0 title=WithList_⇄_Child head=WithList" CUT);
#else
	say("expect cycle count=3 members=4 parts=1 cause=cycle ring=2 "
	    "sizes=64,40,40,32" CUT "40+24>64");
	say("expect cycle count=3 members=7 parts=3 cause=cycle ring=2 "
	    "sizes=64,40,40,40,32,32,32" CUT "40+24>64");
	say("expect cycle count=3 members=4 parts=1 cause=cycle ring=2 "
	    "sizes=48,40,40,32" CUT "40+24>48");
	say("expect cycle count=3 members=3 parts=1 cause=cycle ring=2 "
	    "sizes=64,40,32" CUT "40+24>64");
#endif
	TIMES(3)
	{
		away(make_vector);
		away(make_list);
		away(make_pimpl);
		away(make_one);
	}
	return 0;
}
