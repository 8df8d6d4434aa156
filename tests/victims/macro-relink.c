/* A second link on a field replaces the first, and one to NULL ends it: a ring
 * is found by its links alone (something still points at it), so each must be
 * of now. */
#include "macro.h"

static struct obj *volatile registry;

static NOINLINE void make(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b"), *c = obj_new("c");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	GORDIAN_LINK(a, parent, c);
	GORDIAN_LINK(a, parent, NULL);
	GORDIAN_LINK(a, parent, NULL);

	/* c takes b's place. */
	a->first = c;
	GORDIAN_LINK(a, first, c);
	c->second = ref(a);
	GORDIAN_LINK(c, second, a);
	unref(b);
	unref(a);
	unref(a);
	registry = a;
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,c refcount=1,1 "
	    "edges=a.first>c,c.second>a confidence=certain retained_blocks=0");
	say("warning none");
	away(make);
	return 0;
}
