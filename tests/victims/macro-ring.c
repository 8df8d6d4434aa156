/* Two macros alone, where the counting is done: a ring has its counts, and who
 * took the references. The creators gave theirs back. */
#include "macro.h"

static NOINLINE struct obj *take_a(struct obj *a)
{
	return ref(a);
}

static NOINLINE struct obj *take_b(struct obj *b)
{
	return ref(b);
}

static NOINLINE void make(void)
{
	struct obj *a = obj_make(), *b = obj_make();

	a->first = take_b(b);
	b->second = take_a(a);
	unref(a);
	unref(b);
}

int main(void)
{
	say("expect cycle count=3 bytes=192 retained_blocks=0 members=2 "
	    "edges=32+8>32,32+16>32 refcount=1,1 acquires=take_a "
	    "confidence=certain function=obj_make,make");
	say("total findings=1 cycles=1 excess_refs=0");
	say("warning none");
	TIMES(3)
	away(make);
	return 0;
}
