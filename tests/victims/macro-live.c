/* Live, or not to be proved dead: a linked ring whose further count a plain
 * list holds; one of whose links only one is declared, while something points
 * at it; one that is held by a pointer into it; one in a live object's retained
 * array. */
#include "macro.h"

struct kids {
	struct obj *kid[4];
};

static void **volatile list;
static struct obj *volatile registry;
static struct obj **volatile inside;

static NOINLINE struct obj *ring(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	unref(ref(a));
	return a;
}

static NOINLINE void listed(void)
{
	struct obj *a = ring();

	list = CALLOC(64);
	list[3] = a;
}

static NOINLINE void half_declared(void)
{
	struct obj *a = obj_new("half"), *b = obj_new("half");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = a;
	registry = a;
}

static NOINLINE void interior(void)
{
	inside = &ring()->second;
}

static NOINLINE void array(void)
{
	struct obj *owner = obj_new("owner");
	struct obj **kids = CALLOC(4 * sizeof(*kids));

	owner->first = (struct obj *)kids;
	kids[2] = ring();
	GORDIAN_LINK((struct kids *)kids, kid[2], kids[2]);
	list[5] = owner;
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(listed);
	away(half_declared);
	away(interior);
	away(array);
	return 0;
}
