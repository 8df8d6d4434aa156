/*
 * Where a thread of the program stands: what of its stack is in use, and where
 * its registers are. For the scan; any thread, any signal handler.
 */
#ifndef STOPPED_H
#define STOPPED_H

#include <stddef.h>
#include <stdint.h>

/* Ranges are empty when low is not below high. */
struct stopped {
	int32_t tid;
	uintptr_t sp;		       /* what lies above it is in use */
	uintptr_t regs_low, regs_high; /* general registers */
	uintptr_t ext_low, ext_high;   /* vector registers */
	uintptr_t pointer;	       /* thread pointer: descriptor, TLS */
};

/* Where a signal found the thread; sp includes the red zone. */
struct stopped stopped_from_signal(const void *ucontext);
/* Bytes of the vector registers in a signal's frame, which differ from
 * processor to processor and, with AMX, from thread to thread. NULL: none. */
size_t stopped_vectors(const void *state);
/* The calling thread, everything it needs being at sp or above. */
struct stopped stopped_from_sp(uintptr_t sp);

#endif
