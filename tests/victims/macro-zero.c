/* A library whose objects are born with no reference: the first ref() makes
 * one. One that was never taken is lost, not counted too high. */
#include "macro.h"

static NOINLINE struct obj *zero_new(const char *type)
{
	struct obj *obj = CALLOC(sizeof(*obj));

	GORDIAN_OBJECT_ZERO(obj, type);
	return obj;
}

static NOINLINE struct obj *take(struct obj *obj)
{
	return ref(obj);
}

static NOINLINE void ring(void)
{
	struct obj *a = zero_new("a"), *b = zero_new("b");

	a->first = take(b);
	b->second = take(a);
}

static NOINLINE void never(void)
{
	zero_new("never");
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,b refcount=1,1 "
	    "acquires=take confidence=certain");
	say("expect lost count=1 members=1 type=never refcount=0 acquires=");
	say("warning none");
	away(ring);
	away(never);
	return 0;
}
