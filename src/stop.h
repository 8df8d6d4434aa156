/*
 * Stopping the program's other threads without its noticing, and letting them
 * go on.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>
#include <stdint.h>

/* Where one thread stood when it was stopped. Ranges are empty when low is
 * not below high. */
struct stopped {
	int32_t tid;
	uintptr_t sp;		       /* what lies above it is in use */
	uintptr_t regs_low, regs_high; /* general registers */
	uintptr_t ext_low, ext_high;   /* vector registers */
	uintptr_t pointer;	       /* thread pointer: descriptor, TLS */
};

/* Where a signal found the thread; sp includes the red zone. */
struct stopped stop_from_signal(const void *ucontext);
/* The calling thread, everything it needs being at sp or above. */
struct stopped stop_from_sp(uintptr_t sp);

/* The scan's own lock: one scan, one exec or fork at a time. Waiting is done
 * outside the guard, so that a waiting thread can be stopped itself. A thread
 * may take it again with stop_lock(). */
void stop_lock(void);
int stop_trylock(void); /* 0 when taken */
int stop_is_held(void); /* by this thread */
void stop_unlock(void);

/* All threads but the caller, which holds the lock and has every signal
 * blocked. 0; -EAGAIN when one did not answer in 5 ms (all go on), unless
 * `insist`, which goes without it. After success: stop_list(). */
int stop_threads(int insist) __attribute__((warn_unused_result));
void stop_release(void);
const struct stopped *stop_list(uint32_t *n);
/* Threads that were there but did not answer (insist). */
uint32_t stop_missing(void);
/* Live thread ids as of the stop. */
const int32_t *stop_tids(uint32_t *n);

/* From the handler and from guard_serve(). */
void stop_park(const struct stopped *where);
int stop_active(void);

int stop_init(void);
void stop_forked(void);

#endif
