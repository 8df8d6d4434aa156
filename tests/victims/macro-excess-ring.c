/* A ring that only a count too high keeps: it would leak even if it were cut,
 * so it is nested under the excess reference. */
#include "macro.h"

static NOINLINE struct obj *hold(struct obj *obj)
{
	return ref(obj);
}

static NOINLINE void forget(struct obj *obj)
{
	ref(obj);
}

static NOINLINE void make(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = hold(b);
	GORDIAN_LINK(a, first, b);
	b->second = hold(a);
	GORDIAN_LINK(b, second, a);
	unref(a);
	unref(b);
	forget(a);
}

int main(void)
{
	say("expect excess-ref count=1 bytes=32 members=1 type=a refcount=2 "
	    "references=1 nested=1 inner=no retained_bytes=32 "
	    "retained_blocks=1");
	say("expect cycle count=1 bytes=64 members=2 type=a,b refcount=1,2 "
	    "nested=0 inner=yes retained_blocks=0 edges=a.first>b,b.second>a");
	say("total cycles=1 lost=0 excess_refs=1");
	say("warning none");
	away(make);
	return 0;
}
