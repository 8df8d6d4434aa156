/* A live tree whose parent pointers are not counted, which looks just like one
 * whose are: never a leak. -DLINK: its children are linked. */
#include "macro.h"

#ifdef LINK
#define LINKED(owner, field) GORDIAN_LINK(owner, field, (owner)->field)
#else
#define LINKED(owner, field) (void)0
#endif

static struct obj *volatile root;

static NOINLINE struct obj *grow(struct obj *parent, int depth)
{
	struct obj *obj = obj_new("node");

	obj->parent = parent;
	if (depth) {
		obj->first = grow(obj, depth - 1);
		LINKED(obj, first);
		obj->second = grow(obj, depth - 1);
		LINKED(obj, second);
	}
	return obj;
}

static NOINLINE void plant(void)
{
	root = grow(NULL, 4);
}

static NOINLINE void scan(struct obj *local)
{
	MUST_BE(gordian_check(), 0);
	USE(local);
}

static NOINLINE void hold(void)
{
	struct obj *local = root;

	root = NULL;
	scan(local);
	root = local;
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(plant);
	away(hold);
	return 0;
}
