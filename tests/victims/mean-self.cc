/* Blocks that lead to themselves: a reference that counts makes a cycle of one
 * block, a plain pointer and a weak one do not. */
#include <memory>
#include <vector>
#include "victim.h"

struct Self : std::enable_shared_from_this<Self> {
	std::shared_ptr<Self> me;
	long value = 1;
};

struct Plain {
	Plain *me = this;
	long value = 2;
};

/* It contains itself: the buffer is a part of it. */
struct Many {
	std::vector<std::shared_ptr<Many>> all;
	long value = 4;
};

struct Watched {
	std::weak_ptr<Watched> me;
	long value = 3;
};

static NOINLINE void make()
{
	auto self = std::make_shared<Self>();
	auto watched =
		new std::shared_ptr<Watched>(std::make_shared<Watched>());
	auto many = std::make_shared<Many>();

	self->me = self;
	many->all.push_back(many);
	(*watched)->me = *watched;
	USE(watched);
	USE(new Plain);
}

int main()
{
	say("expect cycle count=2 members=1 cause=cycle cut=me "
	    "edges=Self.me>Self,Self.weak_from_this()?Self "
	    "advice=make_Self::me_a_std::weak_ptr<Self>");
	say("expect cycle count=2 members=2 parts=1 cause=cycle "
	    "cut=all[0] advice=let_Many::all_hold_std::weak_ptr<Many>");
	say("expect lost count=2 cause=unreleased type=Plain");
	say("expect lost count=2 bytes=32 cause=unreleased retained_blocks=2");
	TIMES(2)
	away(make);
	return 0;
}
