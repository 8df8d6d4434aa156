/* Handlers with SA_ONSTACK run where they would without Gordian: on the stack
 * that the thread has set, else on the one that it is on. What is set is what
 * is told, errors are the kernel's. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>
#include "victim.h"

#define ROOM 32768
#define AUTODISARM (1u << 31)
#define MUST(what)                                           \
	do {                                                 \
		if (!(what)) {                               \
			say("line %d: %s", __LINE__, #what); \
			_exit(97);                           \
		}                                            \
	} while (0)

int check(void) __asm__("__lsan_do_recoverable_leak_check")
	__attribute__((weak));

static char first[ROOM], second[ROOM];
static char *volatile at;
static volatile int nested, flags;
static sigjmp_buf out;

static int is_in(const char *stack, size_t size)
{
	return at >= stack && at < stack + size;
}

static void note(int sig, siginfo_t *info, void *context)
{
	char here;
	stack_t told, other = {.ss_sp = second, .ss_size = ROOM};
	ucontext_t *uc = context;

	at = &here;
	MUST(info->si_signo == sig);
	MUST(!sigaltstack(NULL, &told));
	flags = told.ss_flags;
	if (flags == SS_ONSTACK)
		MUST(sigaltstack(&other, NULL) == -1 && errno == EPERM);
	if (check)
		check();
	if (sig == SIGUSR1 && nested) {
		nested = 0;
		raise(SIGUSR2);
	}
	uc->uc_mcontext.gregs[REG_R12] = 42;
}

static void leave(int sig)
{
	char here;

	(void)sig;
	at = &here;
	siglongjmp(out, 1);
}

static void set(int sig, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler,
				   .sa_flags = SA_ONSTACK | flags};
	struct sigaction told;

	MUST(!sigaction(sig, &action, NULL) && !sigaction(sig, NULL, &told));
	MUST(told.sa_handler == handler);
	MUST((told.sa_flags & ~0x04000000) == action.sa_flags);
}

/* What the handler leaves in r12, and a vector register that it must not
 * touch. */
static NOINLINE void send(int sig)
{
	double kept;
	long got;

	__asm__ volatile("mov $7, %%r12d\n\tcvtsi2sd %%r12, %%xmm9\n\t"
			 "mov %[tid], %%edi\n\tmov %[sig], %%esi\n\t"
			 "mov $200, %%eax\n\tsyscall\n\t" /* tkill */
			 "mov %%r12, %[got]\n\tmovsd %%xmm9, %[kept]"
			 : [got] "=&r"(got), [kept] "=m"(kept)
			 : [tid] "r"(gettid()), [sig] "r"(sig)
			 : "rax", "rcx", "rdi", "rsi", "r11", "r12", "xmm9",
			   "memory", "cc");
	MUST(got == 42 && kept == 7);
}

static void *work(void *arg)
{
	stack_t stack = {.ss_sp = first, .ss_size = ROOM}, old = {.ss_size = 1};
	char *low = (char *)&old - 65536;

	MUST(!sigaltstack(NULL, &old) && old.ss_flags == SS_DISABLE);
	MUST(!old.ss_sp && !old.ss_size);
	send(SIGUSR1);
	MUST(is_in(low, 65536) && flags == SS_DISABLE);
	MUST(!sigaltstack(&stack, &old) && old.ss_flags == SS_DISABLE);
	send(SIGUSR1);
	MUST(is_in(first, ROOM) && flags == SS_ONSTACK);
	nested = 1;
	send(SIGUSR1);
	MUST(is_in(first, ROOM - 1000) && flags == SS_ONSTACK);
	if (!sigsetjmp(out, 1))
		raise(SIGHUP);
	MUST(is_in(first, ROOM));
	MUST(sigaltstack((void *)8, NULL) == -1 && errno == EFAULT);
	MUST(sigaltstack(NULL, (void *)8) == -1 && errno == EFAULT);
	stack.ss_sp = second;
	MUST(!sigaltstack(&stack, &old) && old.ss_sp == first);
	MUST(old.ss_size == ROOM && !old.ss_flags);
	send(SIGUSR1);
	MUST(is_in(second, ROOM));
	stack.ss_flags = (int)AUTODISARM;
	MUST(!sigaltstack(&stack, NULL) && !sigaltstack(NULL, &old));
	MUST(old.ss_flags == (int)AUTODISARM);
	send(SIGUSR1);
	MUST(is_in(second, ROOM) && flags == SS_DISABLE);
	stack = (stack_t){.ss_flags = SS_DISABLE};
	MUST(!sigaltstack(&stack, &old) && old.ss_sp == second);
	send(SIGUSR1);
	MUST(is_in(low, 65536));
	return arg;
}

int main(void)
{
	pthread_t thread;

	say("expect nothing");
	set(SIGUSR1, (void (*)(int))(uintptr_t)note, SA_SIGINFO);
	set(SIGUSR2, (void (*)(int))(uintptr_t)note, SA_SIGINFO | SA_RESTART);
	set(SIGHUP, leave, 0);
	work(NULL);
	if (pthread_create(&thread, NULL, work, NULL))
		return 99;
	pthread_join(thread, NULL);
	set(SIGHUP, leave, SA_RESETHAND);
	if (!sigsetjmp(out, 1))
		raise(SIGHUP);
	MUST(signal(SIGHUP, SIG_DFL) == SIG_DFL);
	return 0;
}
