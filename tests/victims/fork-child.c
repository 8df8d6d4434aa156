/* A child made by fork answers for what it leaks, not for what its parent
 * had leaked before, and the parent for its own. */
#include <sys/wait.h>
#include "victim.h"

static NOINLINE void before(void)
{
	MALLOC(100);
}

static NOINLINE void in_child(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[0] = b;
	b[0] = a;
}

static NOINLINE void in_parent(void)
{
	MALLOC(300);
}

int main(void)
{
	pid_t child;

	say("expect lost count=1 bytes=100 function=before");
	say("expect lost count=1 bytes=300 function=in_parent");
	say("expect cycle count=1 bytes=80 members=2 function=in_child "
	    "in=child");
	away(before);
	child = fork();
	if (child == 0) {
		away(in_child);
		exit(0);
	}
	if (child < 0 || waitpid(child, NULL, 0) != child)
		_exit(99);
	away(in_parent);
	return 0;
}
