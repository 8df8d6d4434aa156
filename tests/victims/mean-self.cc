/* Blocks that lead to themselves: a reference that counts makes a cycle of one
 * block, a plain pointer and a weak one do not. */
#include <list>
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

/* So does this one, in a list. */
struct Row {
	std::list<std::shared_ptr<Row>> all;
	long value[3] = {5, 5, 5};
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
	auto row = std::make_shared<Row>();

	self->me = self;
	many->all.push_back(many);
	row->all.push_back(row);
	(*watched)->me = *watched;
	USE(watched);
	USE(new Plain);
}

/* What the stripped program tells by its words alone. */
#ifdef BARE
#define SELF "cut=56+32>56 edges=56+32>56,56+16?56 "
#define MANY "cut=48+16>48 "
#define ROW "cut=64+16>64 "
#define PLAIN "bytes=32 retained_blocks=0 root=*"
#define ANYWHERE "root=* "
#else
#define SELF "cut=me edges=Self.me>Self,Self.weak_from_this()?Self "
#define MANY "cut=all[0] "
#define ROW "cut=all[0] "
#define PLAIN "type=Plain"
#define ANYWHERE ""
#endif

int main()
{
	say("expect cycle count=2 members=1 cause=cycle " ANYWHERE SELF
	    "advice=std::weak_ptr<Self>");
	say("expect cycle count=2 members=2 parts=1 cause=cycle " ANYWHERE MANY
	    "advice=hold_std::weak_ptr<Many>");
	say("expect cycle count=2 members=2 parts=1 cause=cycle " ANYWHERE ROW
	    "advice=hold_std::weak_ptr<Row>");
	say("expect lost count=2 cause=unreleased " PLAIN);
	say("expect lost count=2 bytes=32 cause=unreleased "
	    "retained_blocks=2 " ANYWHERE);
	TIMES(2)
	away(make);
	return 0;
}
