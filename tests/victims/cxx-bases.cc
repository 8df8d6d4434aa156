/* Objects that know each other by their second base: interior pointers. */
#include "victim.h"

struct Named {
	virtual ~Named() = default;
	char name[24] = {};
};

struct Linked {
	virtual ~Linked() = default;
	Linked *peer = nullptr;
};

struct Widget : Named, Linked {
	char payload[16] = {};
};

static NOINLINE void make()
{
	Widget *a = new Widget, *b = new Widget;

	a->peer = b;
	b->peer = a;
	USE(a);
}

int main()
{
	say("expect cycle count=1 bytes=128 members=2 sizes=64,64 "
	    "edges=64+40~64*2 type=Widget function=make");
	away(make);
	return 0;
}
