/* Blocks that only a register of another thread holds: general, vector, and
 * the upper half of a wide vector. */
#include <pthread.h>
#include "victim.h"

static volatile int running;

/* Spins for ever with p in one register and nowhere else. */
#define SPIN(p, move)                             \
	__asm__ volatile(move "\n\t"              \
			      "xor %0, %0\n\t"    \
			      "lock incl %1\n"    \
			      "1:\tpause\n\t"     \
			      "jmp 1b"            \
			 : "+a"(p), "+m"(running) \
			 :                        \
			 : "r13", "xmm9", "xmm10", "memory")

static void *general(void *arg)
{
	void *p = MALLOC(100);

	SPIN(p, "mov %0, %%r13");
	return arg;
}

static void *vector(void *arg)
{
	void *p = MALLOC(200);

	SPIN(p, "movq %0, %%xmm9");
	return arg;
}

static void *wide(void *arg)
{
	void *p = MALLOC(300);

	if (!__builtin_cpu_supports("avx"))
		return p;
	SPIN(p, "vmovq %0, %%xmm9\n\tvpxor %%xmm10, %%xmm10, %%xmm10\n\t"
		"vinsertf128 $1, %%xmm9, %%ymm10, %%ymm10\n\t"
		"vpxor %%xmm9, %%xmm9, %%xmm9");
	return arg;
}

int main(void)
{
	void *(*const start[])(void *) = {general, vector, wide};
	int wanted = 2 + !!__builtin_cpu_supports("avx");
	pthread_t thread;

	say("expect nothing");
	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, start[i], NULL))
			_exit(99);
	while (running < wanted)
		usleep(1000);
	return 0;
}
