/* What is gone is no error of a scan where the program itself did it: it broke
 * a cycle that counts prove dead, or said of a block that it is no leak. */
#include "macro.h"

static struct obj *volatile registry;

static NOINLINE void pair(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = ref(b);
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	registry = a;
	unref(a);
	unref(b);
}

static NOINLINE void cut(void)
{
	struct obj *a = registry, *b = a->first;

	registry = NULL;
	a->first = NULL;
	GORDIAN_UNLINK(a, first);
	b->second = NULL;
	GORDIAN_UNLINK(b, second);
	unref(a);
	unref(b);
}

static uintptr_t kept;

static NOINLINE void keep(void)
{
	kept = ~(uintptr_t)MALLOC(96);
}

static NOINLINE void spare(void)
{
	GORDIAN_IGNORE((void *)~kept);
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,b gone=yes");
	say("expect lost count=1 bytes=96 gone=yes");
	say("total findings=0 gone=2 came_back=0");
	away(pair);
	MUST_BE(gordian_check(), 1);
	away(cut);
	MUST_BE(gordian_check(), 0);
	away(keep);
	MUST_BE(gordian_check(), 1);
	away(spare);
	MUST_BE(gordian_check(), 0);
	return 0;
}
