/* Threads with small alternate signal stacks, nothing below them: scans leave
 * these alone, and so does the last one, in the handler of the signal that ends
 * the program. What is set is what is told. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include "victim.h"

#define PAGE 4096

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void set_stack(void)
{
	char *low = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	stack_t stack = {.ss_size = SIZE, .ss_sp = low + 3 * PAGE - SIZE}, told;

	mprotect(low + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE);
	if (sigaltstack(&stack, NULL) || sigaltstack(NULL, &told) ||
	    told.ss_sp != stack.ss_sp || told.ss_size != SIZE || told.ss_flags)
		_exit(98);
}

#ifdef HANDLER
/* Which the alternate stack alone leads to. */
static void handler(int sig)
{
	void *volatile held = MALLOC(300);

	(void)sig;
	for (;;)
		pause();
	free(held);
}
#endif

static void *worker(void *arg)
{
	set_stack();
#ifdef HANDLER
	sigaction(SIGUSR1,
		  &(struct sigaction){.sa_handler = handler,
				      .sa_flags = SA_ONSTACK},
		  NULL);
	raise(SIGUSR1);
#endif
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	stack_t off = {.ss_flags = SS_DISABLE}, small = {.ss_size = 2047};
	pthread_t thread;

	say("option --interval=0.02");
	say("expect lost count=30 bytes=3000 function=lose");
	set_stack();
	if (sigaltstack(&off, NULL) || sigaltstack(NULL, &off) ||
	    off.ss_flags != SS_DISABLE || !sigaltstack(&small, NULL))
		return 98;
	set_stack();
	if (pthread_create(&thread, NULL, worker, NULL))
		return 99;
	for (volatile int i = 0; i < 30; i++) {
		away(lose);
		nap_ms(20);
	}
	raise(SIGTERM);
	return 0;
}
