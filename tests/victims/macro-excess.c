/* A release is missing, and nothing points at the object any more: the stack
 * that forgot it, among many that did not. */
#include "macro.h"

static NOINLINE void borrow(struct obj *obj)
{
	ref(obj);
	unref(obj);
}

static NOINLINE void forget(struct obj *obj)
{
	ref(obj);
}

static NOINLINE void make(void)
{
	struct obj *obj = obj_new("message");

	TIMES(10)
	borrow(obj);
	forget(obj);
	forget(obj);
	TIMES(10)
	borrow(obj);
	obj->second = MALLOC(100);
	unref(obj);
}

int main(void)
{
	say("expect excess-ref count=1 bytes=32 retained_bytes=100 "
	    "retained_blocks=1 members=1 type=message refcount=2 references=0 "
	    "acquires=forget,forget edges= confidence=certain");
	say("total findings=1 cycles=0 lost=0 excess_refs=1");
	say("warning none");
	away(make);
	return 0;
}
