/* What a thread that cannot be stopped (it blocks all signals past libc) holds
 * in a register alone is no alarm: it is a suspect, whether the thread runs or
 * sleeps. What was found before, while all were stopped, stays certain. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include "macro.h"

static sem_t ready;
static volatile int go;

/* The registers and the stack of who made them. */
static NOINLINE void nothing(void)
{
}

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static NOINLINE uintptr_t ring_hidden(void)
{
	void **a = CALLOC(48), **b = CALLOC(48);

	*a = b;
	*b = a;
	return ~(uintptr_t)a;
}

#ifdef SLEEPS
static NOINLINE uintptr_t hold(uintptr_t hidden)
{
	struct timespec t = {.tv_nsec = 20000000};
	uintptr_t call, there = hidden;

	__asm__ volatile("not %0\n"
			 "1: mov %3, %%rdi\n"
			 "   xor %%esi, %%esi\n"
			 "   mov %4, %%eax\n"
			 "   syscall\n"
			 "   cmpl $0, %2\n"
			 "   je 1b\n"
			 "   not %0\n"
			 : "+b"(there), "=&a"(call)
			 : "m"(go), "r"(&t), "i"(SYS_nanosleep)
			 : "rcx", "r11", "rdi", "rsi", "memory");
	return there;
}
#else
static NOINLINE uintptr_t hold(uintptr_t hidden)
{
	uintptr_t there;

	__asm__ volatile("not %1\n"
			 "   movq %1, %%xmm13\n"
			 "   xor %k1, %k1\n"
			 "1: pause\n"
			 "   cmpl $0, %2\n"
			 "   je 1b\n"
			 "   movq %%xmm13, %0\n"
			 "   not %0\n"
			 : "=&r"(there), "+r"(hidden)
			 : "m"(go)
			 : "xmm13", "memory");
	return there;
}
#endif

static void *thread(void *arg)
{
	uint64_t all = UINT64_MAX;
	uintptr_t hidden;
	void **ring;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
	hidden = ring_hidden();
	away(nothing);
	sem_post(&ready);
	ring = (void *)~hold(hidden);
	free(*ring);
	free(ring);
	return arg;
}

int main(void)
{
	pthread_t id;

	say("warning a scan was made while one thread went on");
	say("expect lost count=1 bytes=100 function=lose confidence=certain");
	say("expect cycle count=1 members=2 function=ring_hidden "
	    "confidence=suspect root=thread");
	sem_init(&ready, 0, 0);
	away(lose);
	MUST_BE(gordian_check(), 1);
	pthread_create(&id, NULL, thread, NULL);
	sem_wait(&ready);
	nap_ms(5);
	MUST_BE(gordian_check(), 0);
	return 0;
}
