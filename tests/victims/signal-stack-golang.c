/* What Go does with cgo: its runtime asks the kernel for the thread's signal
 * stack, and ends the program when a handler that it has set through libc runs
 * on another one. It is known by its note. */
#include <signal.h>
#include <sys/syscall.h>
#include "victim.h"

__asm__(".pushsection .note.go.buildid, \"a\", @note\n"
	".balign 4\n"
	".long 4, 4, 4\n"
	".asciz \"Go\\0\"\n"
	".ascii \"demo\"\n"
	".popsection\n");

static char own[65536];
static stack_t adopted;
static char *volatile at;

static void note(int sig)
{
	char here;

	(void)sig;
	at = &here;
}

static NOINLINE void adopt(void)
{
	syscall(SYS_sigaltstack, NULL, &adopted);
	if (!(adopted.ss_flags & SS_DISABLE))
		return;
	adopted = (stack_t){.ss_sp = own, .ss_size = sizeof own};
	syscall(SYS_sigaltstack, &adopted, NULL);
}

int main(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_ONSTACK};

	say("expect nothing");
	adopt();
	sigaction(SIGURG, &action, NULL);
	raise(SIGURG);
	if (at < (char *)adopted.ss_sp ||
	    at >= (char *)adopted.ss_sp + adopted.ss_size)
		return 97;
	return 0;
}
