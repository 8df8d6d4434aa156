/* libc's helper of a timer with SIGEV_THREAD blocks all signals. Scans are made
 * all the same, and nobody waits for it. */
#include <signal.h>
#include "victim.h"

int check(void) __asm__("__lsan_do_recoverable_leak_check")
	__attribute__((weak));

static volatile int ticks;

static void tick(union sigval value)
{
	(void)value;
	ticks++;
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD,
				 .sigev_notify_function = tick};
	struct itimerspec each = {{0, 50000000}, {0, 50000000}};
	timer_t timer;
	int i;

	say("expect nothing");
	say("warning none");
	say("total suspects=0");
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &each, NULL))
		return 99;
	while (ticks < 2)
		nap_ms(5);
	for (i = 0; check && i < 10; i++)
		check();
	return 0;
}
