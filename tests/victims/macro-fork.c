/* A forked child knows what its parent said: it takes one more reference to an
 * object of before, and leaks a ring of its own. */
#include <sys/wait.h>
#include "macro.h"

static struct obj *volatile before;

static NOINLINE void make(void)
{
	before = obj_new("before");
}

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = ref(b);
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	unref(a);
	unref(b);
}

static NOINLINE void again(void)
{
	unref(ref(before));
}

int main(void)
{
	say("expect cycle count=1 members=2 type=a,b refcount=1,1 in=child "
	    "edges=a.first>b,b.second>a");
	say("expect cycle count=1 members=2 type=a,b refcount=1,1 "
	    "edges=a.first>b,b.second>a");
	say("warning none");
	away(make);
	if (!fork()) {
		away(again);
		away(ring);
		exit(0);
	}
	wait(NULL);
	away(again);
	away(ring);
	return 0;
}
