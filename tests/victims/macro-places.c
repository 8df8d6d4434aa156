/* Objects on a stack, in static memory and in the middle of a block: known,
 * counted, and no error; what they hold is live. */
#include "macro.h"

static struct obj fixed;
static struct {
	long pad[3];
	struct obj inner;
} *volatile outer;

static NOINLINE struct obj *held(struct obj *by)
{
	struct obj *obj = obj_new("held");

	by->first = obj;
	GORDIAN_LINK(by, first, obj);
	obj->parent = ref(by);
	GORDIAN_LINK(obj, parent, by);
	return obj;
}

static NOINLINE void make(void)
{
	struct obj local = {.refs = 1};

	GORDIAN_OBJECT(&fixed, "fixed");
	fixed.refs = 1;
	held(&fixed);
	MUST_BE(gordian_is_tracked(&fixed), 1);

	outer = CALLOC(sizeof(*outer));
	outer->inner.refs = 1;
	GORDIAN_OBJECT(&outer->inner, "inner");
	held(&outer->inner);

	GORDIAN_OBJECT(&local, "local");
	free(held(&local));
	MUST_BE(gordian_is_tracked(&local), 1);
	MUST_BE(gordian_check(), 0);
	USE(&local);
	GORDIAN_UNLINK(&local, first);
	GORDIAN_UNREF(&local);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
