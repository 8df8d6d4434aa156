/* A tree whose root nobody frees. Its nodes know their parent weakly, or by a
 * plain pointer while their owner is unique: no cycle. */
#include <memory>
#include <vector>
#include "victim.h"

struct Weak {
	std::vector<std::shared_ptr<Weak>> kids;
	std::weak_ptr<Weak> up;
	virtual ~Weak()
	{
	}
};

struct Plain {
	std::vector<std::unique_ptr<Plain>> kids;
	Plain *up = nullptr;
	virtual ~Plain()
	{
	}
};

static NOINLINE void kid_add(const std::shared_ptr<Weak> &to)
{
	auto kid = std::make_shared<Weak>();

	kid->up = to;
	to->kids.push_back(kid);
}

static NOINLINE void make_weak()
{
	auto root = std::make_shared<Weak>();

	for (int k = 0; k < 3; k++)
		kid_add(root);
	USE(new std::shared_ptr<Weak>(root)); /* forgotten */
}

#ifdef NAMED
static NOINLINE void kid_add(Plain *to)
{
	to->kids.emplace_back(new Plain);
	to->kids.back()->up = to;
}

static NOINLINE void make_plain()
{
	Plain *root = new Plain;

	for (int k = 0; k < 3; k++)
		kid_add(root);
}

#endif

int main()
{
	say("expect lost count=3 bytes=48 members=1 nested=0 "
	    "retained_blocks=15 "
	    "cause=unreleased root=*");
#ifdef NAMED
	say("expect lost count=3 bytes=120 members=1 retained_blocks=12 "
	    "cause=unreleased title=Plain function=make_plain");
	say("total cycles=0 lost=2");
#endif
	TIMES(3)
	{
		away(make_weak);
#ifdef NAMED
		away(make_plain);
#endif
	}
	return 0;
}
