/*
 * Faults of the snapshot child. Those in memory that it reads for the program
 * are survived: there a page of zeros takes the place of what is not there.
 * Others are mistakes of ours. Where they were is told before they end the
 * child.
 *
 * Snapshot child only, one thread.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "heap/range.h"

#define FAULT_STATUS 99 /* the child's exit status after such a mistake */

enum fault_how {
	FAULT_OTHER, /* it was no access to memory, or the address is unknown */
	FAULT_READ,
	FAULT_WRITE,
};

/* In the memory that child and program share: what ended the child. */
struct fault {
	uint32_t signal; /* 0: nothing that was noticed */
	enum fault_how how;
	uintptr_t code;	   /* the instruction; 0: a process sent the signal */
	uintptr_t address; /* what it read or wrote */
};

/* Sets the handlers. They write to told. */
void fault_survive(struct fault *told);
/* The memory that is being read. Faults in it are survived. */
extern volatile uintptr_t fault_low, fault_high;
/* Calls run, in which faults in [low, high) are survived. */
typedef void fault_run_fn(uintptr_t low, uintptr_t high, void *data);
void fault_run(uintptr_t low, uintptr_t high, fault_run_fn *run, void *data);

/* Nothing of [low, high) is to be read from now on: it can neither be read nor
 * replaced. Later calls name higher ranges. False: memory is short. */
bool fault_skip(uintptr_t low, uintptr_t high);
extern bool fault_skips; /* there is such memory */
/* The first such range that ends past `at`; NULL: there is none. */
const struct range *fault_skipped(uintptr_t at);

#define FAULT_ADDRESSES (1ul << 47) /* of programs */
/* Copies n bytes that may be anywhere. What cannot be read is zeros. */
void fault_copy(void *out, uintptr_t at, size_t n);
static inline uint64_t fault_word(uintptr_t at)
{
	uint64_t word;

	fault_copy(&word, at, sizeof word);
	return word;
}

#endif
