/*
 * A fence around the program's own code in the snapshot child: while it is
 * closed, a system call raises SIGSYS instead (Linux 5.11 and later). So code
 * that went astray reaches no file, no socket and no process. Memory it may
 * have: an allocator asks for some.
 *
 * Snapshot child only, one thread.
 */
#ifndef FENCE_H
#define FENCE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

/* The kernel's struct. */
struct fence_action {
	void (*handler)(int, siginfo_t *, void *);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

/* Around all use. Where the kernel knows no fence, closing it does nothing. */
void fence_begin(void);
void fence_end(void);

/* Sets a handler that may return while the fence is closed. It runs on the
 * alternate stack. */
void fence_handle(int signal, void (*handler)(int, siginfo_t *, void *),
		  struct fence_action *before);
/* Sets what was there before. */
void fence_restore(int signal, const struct fence_action *before);

enum fence_served {
	FENCE_SERVED,  /* the program goes on behind the call */
	FENCE_REFUSED, /* it is not about memory alone */
	FENCE_GREEDY,  /* it has more than 64 MB by now */
};
/* The handler of SIGSYS: makes the call that raised it, or not. */
enum fence_served fence_serve(ucontext_t *context);

extern volatile uint8_t fence_closed;
/* Whether it was closed. */
static inline bool fence_close(bool closed)
{
	bool before = fence_closed;

	fence_closed = closed;
	return before;
}

#endif
