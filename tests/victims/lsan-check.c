/* LeakSanitizer's interface: a check on demand says 0 while nothing is lost,
 * else non-zero, and may be repeated. */
#include "victim.h"

__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);

static void *volatile held;

static NOINLINE void hold(void)
{
	held = MALLOC(100);
}

static NOINLINE void make(void)
{
	MALLOC(200);
}

static NOINLINE int check(void)
{
	return __lsan_do_recoverable_leak_check
		       ? !!__lsan_do_recoverable_leak_check()
		       : -1;
}

int main(void)
{
	int before, after, again;

	say("expect lost count=1 bytes=200");
	away(hold);
	before = check();
	away(make);
	after = check();
	again = check();
	if (before == -1)
		return 0;
	return before != 0 || after != 1 || again != 1;
}
