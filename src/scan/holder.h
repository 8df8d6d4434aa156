/*
 * Whose memory a root's word is: what a reader calls it.
 *
 * Snapshot child only.
 */
#ifndef HOLDER_H
#define HOLDER_H

#include <stdint.h>
#include "process/stopped.h"

enum holder_kind {
	HOLDER_VARIABLE, /* data of a module */
	HOLDER_STACK,
	HOLDER_REGISTER,
	HOLDER_THREAD, /* thread-local storage, libc's record of the thread */
	HOLDER_MEMORY, /* anything else: mapped by the program */
};

struct holder {
	enum holder_kind kind;
	uintptr_t at;	 /* the word */
	uint32_t module; /* of module.h; of a variable */
	uint32_t thread; /* from 1, in the order of their ids; 0: none */
	int32_t tid;
	uintptr_t code;	      /* of a word on a stack: where its function is
				 called or stopped; 0: unknown */
	uint32_t code_module; /* 0: none */
};

/* Of explicit roots (root.h): HOLDER_STACK or HOLDER_REGISTER when such a range
 * begins there, else HOLDER_THREAD. */
enum holder_kind holder_passing(uintptr_t low, const struct stopped *self);
/* self: the thread that made the scan. */
struct holder holder_find(uintptr_t at, const struct stopped *self);

#endif
