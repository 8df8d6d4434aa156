/* Freed while linked. Of the owner: its links end, and what it held is held by
 * nobody. Of the target: the link means nothing for what comes to live there.
 */
#include "macro.h"

static struct obj *volatile live_owner, *volatile live_obj;

static NOINLINE void owner_goes(void)
{
	struct obj *owner = obj_new("owner"), *held = obj_new("held");

	owner->first = held;
	GORDIAN_LINK(owner, first, held);
	unref(owner);
}

static NOINLINE void target_goes(void)
{
	struct obj *owner = obj_new("owner"), *held = obj_new("gone");
	uintptr_t at = ~(uintptr_t)held;

	owner->first = held;
	GORDIAN_LINK(owner, first, held);
	live_owner = owner;
	unref(held);
	for (int i = 0; i < 1000; i++) {
		struct obj *next = obj_new("next");

		if ((uintptr_t)next == ~at) {
			live_obj = next;
			return;
		}
		unref(next);
	}
}

int main(void)
{
	say("expect excess-ref count=1 members=1 type=held refcount=1 "
	    "references=0");
	say("total findings=1");
	say("warning none");
	away(owner_goes);
	away(target_goes);
	return 0;
}
