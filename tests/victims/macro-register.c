/* Two counted locals that the compiler keeps in one register: a count of two,
 * one word. No excess while a stack or a register reaches the object. */
#include "macro.h"

static NOINLINE void both(void)
{
	struct obj *p = obj_new("shared");
	struct obj *q = ref(p);

	MUST_BE(gordian_check(), 0);
	USE(p);
	unref(p);
	unref(q);
}

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b"), *q = ref(a);

	a->first = b;
	b->second = ref(a);
	MUST_BE(gordian_check(), 0);
	USE(a);
	b->second = NULL;
	a->first = NULL;
	unref(b);
	unref(a);
	unref(q);
	unref(a);
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(both);
	away(ring);
	return 0;
}
