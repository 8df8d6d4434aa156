/* gordian_collect() breaks a leaked ring at its breakable field, whose clear
 * function frees it; one that is still in use, and one that is not breakable,
 * stay. */
#include "macro.h"

static int cleared;
static struct obj *volatile live;

static void clear_second(void *owner)
{
	struct obj *obj = owner, *other = obj->second;

	cleared++;
	obj->second = NULL;
	GORDIAN_UNLINK(obj, second);
	/* What obj_free would do: the other goes, and lets go of this one. */
	if (other->refs == 1)
		unref(other->first);
	unref(other);
}

static NOINLINE struct obj *pair(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = a;
	GORDIAN_LINK(b, second, a);
	return b;
}

static NOINLINE void breakable(void)
{
	struct obj *b = pair();

	GORDIAN_BREAKABLE(b, second, clear_second);
}

static NOINLINE void in_use(void)
{
	struct obj *b = ref(pair());

	GORDIAN_BREAKABLE(b, second, clear_second);
	live = b;
}

static NOINLINE void unbreakable(void)
{
	pair();
}

static NOINLINE void collect(void)
{
	int broken = gordian_collect();
	struct gordian_stats stats;

	MUST_BE(broken, 1);
	if (broken != -1)
		MUST_BE(cleared, 1);
	MUST_BE(gordian_collect(), 0);
	if (broken != -1 && !gordian_get_stats(&stats))
		MUST_BE(stats.freed_blocks, 2);
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,b function=breakable "
	    "cut=second gone=yes");
	say("expect cycle count=1 members=2 type=a,b function=unbreakable");
	away(breakable);
	away(in_use);
	away(unbreakable);
	away(collect);
	return 0;
}
