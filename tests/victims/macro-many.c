/* Ten million links and unlinks, and as many references: nothing piles up. */
#include <sys/resource.h>
#include "macro.h"

#define ROUNDS 10000000

static struct obj *volatile owner;

static NOINLINE void make(void)
{
	struct obj *obj = obj_new("obj");
	struct rusage before, after;

	owner = obj_new("owner");
	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < ROUNDS; i++) {
		GORDIAN_REF(obj);
		GORDIAN_LINK(owner, first, obj);
		GORDIAN_UNLINK(owner, first);
		GORDIAN_UNREF(obj);
	}
	getrusage(RUSAGE_SELF, &after);
	if (after.ru_maxrss - before.ru_maxrss > 10 << 10)
		_exit(5);
	unref(obj);
	MUST_BE(gordian_check(), 0);
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(make);
	return 0;
}
