/*
 * Where a thread of the program stands: which part of its stack is in use, and
 * where its registers are. For the scan. Any thread, any signal handler.
 */
#ifndef STOPPED_H
#define STOPPED_H

#include <stddef.h>
#include <stdint.h>

/* A range is empty when low is not below high. */
struct stopped {
	int32_t tid;
	uintptr_t sp;		       /* the stack above it is in use */
	uintptr_t regs_low, regs_high; /* general registers */
	uintptr_t ext_low, ext_high;   /* vector registers */
	uintptr_t pointer;	       /* thread pointer: descriptor, TLS */
};

/* Where a signal found the thread. sp is below the red zone. */
struct stopped stopped_from_signal(const void *ucontext);
/* The size of the vector registers in a signal's frame, in bytes. It differs
 * from processor to processor and, with AMX, from thread to thread. state NULL:
 * 0. */
size_t stopped_vectors(const void *state);
/* The calling thread. All that it needs is at sp or above. */
struct stopped stopped_from_sp(uintptr_t sp);

#endif
