/* An unlink before the release and one after it are both right, and take out
 * the acquire that the link held: what is left is the one that was forgotten.
 */
#include "macro.h"

static NOINLINE struct obj *hold(struct obj *obj)
{
	return ref(obj);
}

static NOINLINE void forget(struct obj *obj)
{
	ref(obj);
}

static NOINLINE void drop(struct obj *obj)
{
	unref(obj);
}

static NOINLINE void make(void)
{
	struct obj *owner = obj_new("owner"), *obj = obj_new("kept");

	owner->first = hold(obj);
	GORDIAN_LINK(owner, first, obj);
	forget(obj);
	owner->second = hold(obj);
	GORDIAN_LINK(owner, second, obj);

	GORDIAN_UNLINK(owner, first);
	drop(obj);
	drop(obj);
	GORDIAN_UNLINK(owner, second);
	owner->first = owner->second = NULL;
	drop(obj);
	unref(owner);
}

int main(void)
{
	say("expect excess-ref count=1 members=1 type=kept refcount=1 "
	    "references=0 acquires=forget");
	say("warning none");
	away(make);
	return 0;
}
