/* shared_ptr rings: objects and their count blocks are one component. */
#include <memory>
#include "victim.h"

struct Node {
	std::shared_ptr<Node> next;
	char payload[24];
};

static NOINLINE void make()
{
	std::shared_ptr<Node> a(new Node()), b(new Node());

	a->next = b;
	b->next = a;
}

int main()
{
	say("expect cycle count=1 bytes=128 members=4 sizes=40,40,24,24 "
	    "edges=40+0>40*2 parts=2 retained_bytes=0 "
	    "function=make");
	away(make);
	return 0;
}
