/*
 * The seam to Linux: raw system calls that pass by libc. They reach no hook,
 * set no errno, and are safe in a signal handler and in the snapshot child.
 * Each returns what the kernel returned: a negative errno on failure.
 *
 * sys() and what rests on it are for calls of ours. A call that the program
 * itself makes goes by sys_raw6(), whatever its filters say.
 */
#ifndef SYS_H
#define SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

static inline long sys_raw6(long n, long a, long b, long c, long d, long e,
			    long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* The gate to ask before a system call, where the program has seccomp
 * filters (sandbox.c). A call that they would punish is not made, and
 * answers -ENOSYS. */
typedef long sys_gate_fn(long n, long a, long b, long c, long d, long e,
			 long f);
extern sys_gate_fn *sys_gate __attribute__((visibility("hidden")));

static inline long sys_call6(long n, long a, long b, long c, long d, long e,
			     long f)
{
	sys_gate_fn *gate = __atomic_load_n(&sys_gate, __ATOMIC_RELAXED);

	if (__builtin_expect(gate != NULL, 0))
		return gate(n, a, b, c, d, e, f);
	return sys_raw6(n, a, b, c, d, e, f);
}

/* Calls f(arg) on another stack. top is its end, a multiple of 16. The
 * program's stack may be small: a fiber's, or one for signals. */
static inline long sys_on_stack(char *top, long (*f)(void *), void *arg)
{
	long ret;

	__asm__ volatile("mov %%rsp, %%rbx\n\t"
			 "mov %[top], %%rsp\n\t"
			 "call *%[f]\n\t"
			 "mov %%rbx, %%rsp"
			 : "=a"(ret), "+D"(arg)
			 : [top] "r"(top), [f] "r"(f)
			 : "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11",
			   "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
			   "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
			   "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc");
	return ret;
}

#define SYS6(n, a, b, c, d, e, f, ...)                                      \
	sys_call6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), \
		  (long)(f))
/* sys(SYS_name, arguments…): up to six, the rest zero. */
#define sys(...) SYS6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline int sys_failed(long ret)
{
	return ret < 0 && ret > -4096;
}

/* The monotonic clock, in ns. */
static inline uint64_t sys_now_ns(void)
{
	int64_t t[2] = {0, 0};

	sys(SYS_clock_gettime, 1 /* CLOCK_MONOTONIC */, t);
	return t[0] * 1000000000ull + t[1];
}

/* Processor time of all threads of the process, in ns. */
static inline uint64_t sys_cpu_ns(void)
{
	int64_t t[2] = {0, 0};

	sys(SYS_clock_gettime, 2 /* CLOCK_PROCESS_CPUTIME_ID */, t);
	return t[0] * 1000000000ull + t[1];
}

/* Processor time of the calling thread, in ns. */
static inline uint64_t sys_own_cpu_ns(void)
{
	int64_t t[2] = {0, 0};

	sys(SYS_clock_gettime, 3 /* CLOCK_THREAD_CPUTIME_ID */, t);
	return t[0] * 1000000000ull + t[1];
}

/* Processor time of a thread, in ns; 0 when there is no such thread. */
static inline uint64_t sys_thread_cpu_ns(int32_t tid)
{
	int64_t t[2] = {0, 0};

	/* Linux: CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED */
	sys(SYS_clock_gettime, (~tid << 3) | 4 | 2, t);
	return t[0] * 1000000000ull + t[1];
}

/* A signal may end the pause early. */
static inline void sys_pause_us(long us)
{
	int64_t t[2] = {us / 1000000, us % 1000000 * 1000};

	sys(SYS_nanosleep, t, 0);
}

/* Sets the calling thread's blocked signals. old may be NULL. */
static inline void sys_set_mask(uint64_t mask, uint64_t *old)
{
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, old, 8);
}

#endif
