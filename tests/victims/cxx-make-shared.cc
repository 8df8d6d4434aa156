/* make_shared: the object lies inside its count block, so that the ring's
 * pointers are interior. */
#include <memory>
#include "victim.h"

struct Node {
	std::shared_ptr<Node> next;
	char payload[24];
};

static NOINLINE void make()
{
	auto a = std::make_shared<Node>(), b = std::make_shared<Node>();

	a->next = b;
	b->next = a;
}

int main()
{
	say("expect cycle count=1 bytes=112 members=2 sizes=56,56 "
	    "edges=56+16>56*2 retained_bytes=0 function=make");
	away(make);
	return 0;
}
