/* A handler leaves its signal stack, which lies above the thread's own, by the
 * longjmp of _FORTIFY_SOURCE. A jump to a frame that has been left ends the
 * program, as it does without Gordian. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "victim.h"

#define ROOM 65536

/* What the macro makes of siglongjmp(). */
void jump(sigjmp_buf env, int value) __asm__("__longjmp_chk")
	__attribute__((noreturn));

static sigjmp_buf back;
static char *high;

static void leave(int sig)
{
	jump(back, sig);
}

static NOINLINE void raise_here(void)
{
	char junk[4096];

	USE(junk);
	raise(SIGUSR1);
}

static void *work(void *arg)
{
	stack_t stack = {.ss_sp = high, .ss_size = ROOM};
	struct sigaction action = {.sa_handler = leave, .sa_flags = SA_ONSTACK};

	if ((char *)&stack > high || sigaltstack(&stack, NULL) ||
	    sigaction(SIGUSR1, &action, NULL))
		_exit(99);
	for (int i = 0; i < 3; i++)
		if (!sigsetjmp(back, 1))
			raise_here();
	return arg;
}

static NOINLINE void set_further_in(int depth)
{
	char junk[4096];

	USE(junk);
	if (depth)
		set_further_in(depth - 1);
	else if (sigsetjmp(back, 1))
		_exit(1);
}

static void wrong_jump(void)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), 2);
		set_further_in(4);
		jump(back, 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		_exit(99);
	say("a wrong jump: signal %d", WTERMSIG(status));
}

static NOINLINE void lose(void)
{
	MALLOC(77);
}

int main(void)
{
	pthread_t thread;

	say("expect lost count=1 bytes=77 function=lose");
	high = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (high == MAP_FAILED || pthread_create(&thread, NULL, work, NULL) ||
	    pthread_join(thread, NULL))
		_exit(99);
	say("came back");
	wrong_jump();
	away(lose);
	return 0;
}
