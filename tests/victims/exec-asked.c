/* A program that executes itself again and again while another process sends
 * it the signal by which `gordian check` asks: no instance of it ends the new
 * program, which has no handler yet. Without Gordian nobody sends. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "victim.h"

#define TIMES_MOST 30

void under_gordian(void) __asm__("__lsan_do_leak_check") __attribute__((weak));

static void bother(pid_t pid)
{
	while (getppid() == pid && !kill(pid, SIGRTMAX - 3))
		usleep(300);
	_exit(0);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;
	char next[12];

	if (!n) {
		pid_t pid = getpid();

		say("expect nothing");
		if (under_gordian && !fork())
			bother(pid);
	}
	if (n == TIMES_MOST)
		return 0;
	snprintf(next, sizeof next, "%d", n + 1);
#ifdef BY_NUMBER
	syscall(59, "/proc/self/exe", (char *[]){argv[0], next, NULL}, environ);
#else
	execl("/proc/self/exe", argv[0], next, NULL);
#endif
	return 98;
}
