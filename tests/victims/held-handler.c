/* The program ends inside a handler on its alternate stack: that stack holds
 * and the interrupted one does. */
#include <signal.h>
#include <sys/mman.h>
#include "victim.h"

#define STACK (128u << 10)

static void handler(int signal)
{
	void *volatile local = MALLOC(100);

	(void)signal;
	exit(0);
	USE(local);
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler,
				   .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_size = STACK};
	void *volatile local;

	say("expect nothing");
	stack.ss_sp = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL) ||
	    sigaction(SIGUSR1, &action, NULL))
		_exit(99);
	local = MALLOC(200);
	raise(SIGUSR1);
	USE(local);
	return 1;
}
