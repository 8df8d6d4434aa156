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

#include <stdint.h>

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
/* The memory that is being read. */
extern volatile uintptr_t fault_low, fault_high;

#endif
