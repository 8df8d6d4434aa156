/*
 * For victims: programs that leak exactly known things and print, as lines
 * that tests/run-victim explains, what must be found.
 *
 * A scan is conservative, so a victim must leave no stale pointer behind: it
 * prints first, leaks inside functions called through away(), and keeps what
 * it has to remember as ~pointer. Runs in any thread; takes no locks.
 */
#ifndef VICTIM_H
#define VICTIM_H

#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))

/* Its frame looks the same to who is called, whatever called it. */
#define FRAME_POINTER __attribute__((optimize("no-omit-frame-pointer")))

/* The compiler may neither drop p nor what it points at. */
#define USE(p) __asm__ volatile("" : : "r"(p) : "memory")

/* One line for the runner. By no stdio buffer: its end once held the block
 * behind it. */
__attribute__((format(printf, 1, 2))) static inline void say(const char *format,
							     ...)
{
	va_list args;

	va_start(args, format);
	vdprintf(1, format, args);
	va_end(args);
	if (write(1, "\n", 1) != 1)
		_exit(99);
}

/* Overwrites the stack below the caller and the registers that a call may
 * change; those that it may not change hold the caller's own values. */
static NOINLINE __attribute__((unused)) void clobber(void)
{
	char junk[32 << 10];

	memset(junk, 0, sizeof(junk));
	USE(junk);
#ifdef __x86_64__
	__asm__ volatile("xor %%ecx, %%ecx\n\txor %%edx, %%edx\n\t"
			 "xor %%esi, %%esi\n\txor %%edi, %%edi\n\t"
			 "xor %%r8d, %%r8d\n\txor %%r9d, %%r9d\n\t"
			 "xor %%r10d, %%r10d\n\txor %%r11d, %%r11d\n\t"
			 "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\t"
			 "pxor %%xmm2, %%xmm2\n\tpxor %%xmm3, %%xmm3\n\t"
			 "pxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\t"
			 "pxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7"
			 :
			 :
			 : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
			   "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
			   "xmm6", "xmm7");
#endif
}

/* Calls f deep down the stack, and wipes what it left there. */
static NOINLINE __attribute__((unused)) void away(void (*f)(void))
{
	char depth[4 << 10];

	memset(depth, 0, sizeof(depth));
	USE(depth);
	f();
	clobber();
}

/* Does what follows n times at one place: no unrolled copies of the call. */
#define TIMES(n) for (volatile int times_ = (n); times_ > 0; times_--)

/* A sleep that signals do not shorten. */
static NOINLINE __attribute__((unused)) void nap_ms(int ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000L};

	while (nanosleep(&left, &left))
		;
}

/* malloc and calloc that fail loudly; calls stay visible in the caller's
 * name, as these are always inlined. */
/* For `return cannot(…)`: what the machine or its user does not allow. */
static __attribute__((unused)) int cannot(const char *what)
{
	fprintf(stderr, "cannot %s: %m\n", what);
	return 77;
}

static __attribute__((unused)) int needs_root(void)
{
	fputs("only root becomes another user\n", stderr);
	return 77;
}

static inline __attribute__((always_inline, unused)) void *need(void *p)
{
	if (!p) {
		perror("victim");
		_exit(99);
	}
	USE(p);
	return p;
}
#define MALLOC(size) need(malloc(size))
#define CALLOC(size) need(calloc(1, size))

/* Writes the path of a file beside the victim itself into path. */
static NOINLINE __attribute__((unused)) const char *beside(char path[PATH_MAX],
							   const char *name)
{
	char exe[PATH_MAX] = "";

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		_exit(99);
	if (snprintf(path, PATH_MAX, "%s/%s", dirname(exe), name) >= PATH_MAX)
		_exit(99);
	return path;
}

#endif
