/* Weak fields between the members of a ring: drawn, but they hold nothing, and
 * are not what is to be cut. A pair with one weak field is no ring. What a
 * local holds besides a weak field is live. */
#include "macro.h"

static struct {
	struct obj *watched;
} watcher;

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = ref(b);
	b->second = ref(a);
	GORDIAN_WEAK(a, parent);
	a->parent = b;
	unref(a);
	unref(b);
}

static NOINLINE void pair(void)
{
	struct obj *top = obj_make(), *leaf = obj_make();

	GORDIAN_WEAK(leaf, parent);
	top->first = leaf;
	leaf->parent = top;
}

static NOINLINE void live(void)
{
	struct obj *a = obj_new("live"), *b = obj_new("live");

	a->first = b;
	b->second = ref(a);
	GORDIAN_WEAK(&watcher, watched);
	watcher.watched = a;
	MUST_BE(gordian_check(), 0);
	USE(b);
	unref(a);
	unref(a);
	unref(b);
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,b refcount=1,1 "
	    "edges=a+8>b,b+16>a,a.parent?b confidence=certain");
	say("expect lost count=1 bytes=32 retained_bytes=32 retained_blocks=1 "
	    "members=1 function=pair");
	say("total findings=2 cycles=1 lost=1");
	say("warning none");
	away(live);
	away(ring);
	away(pair);
	return 0;
}
