/* Parents with three and with five children that point back: how many there
 * are is not part of the shape. */
#include "victim.h"

struct parent {
	struct child *first;
	int id;
};

struct child {
	struct child *next;
	struct parent *parent;
	int id;
};

static NOINLINE void family(int children)
{
	struct parent *parent = CALLOC(sizeof(*parent));
	struct child *child;

	while (children--) {
		child = CALLOC(sizeof(*child));
		child->parent = parent;
		child->next = parent->first;
		parent->first = child;
	}
}

static NOINLINE void make(void)
{
	int children = 3;

	TIMES(2)
	{
		family(children);
		children += 2;
	}
}

int main(void)
{
	say("expect cycle count=2 bytes=224 retained_bytes=0 "
	    "retained_blocks=0 nested=0 function=family");
	say("total findings=1 cycles=1 bytes=224");
	away(make);
	return 0;
}
