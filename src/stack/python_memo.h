/*
 * What a thread remembers of its last Python stack (python_frames.h).
 */
#ifndef PYTHON_MEMO_H
#define PYTHON_MEMO_H

#include <stdint.h>
#include "stack/python_code.h"

#define PYTHON_FRAMES 256 /* of a deeper stack the innermost */
#define PYTHON_KNOWN 256  /* a power of two */

struct python_frame {
	uintptr_t frame, code, instruction;
	uint32_t id; /* of the stack that ends in it */
};

struct python_known {
	struct python_code_key key;
	uint32_t number;
};

/* Frames outermost first. */
struct python_memo {
	uint32_t n, root; /* root: the stack outside of all */
	uint32_t outer;	  /* of the native stack: the frame inside of root */
	struct python_frame frame[PYTHON_FRAMES];
	struct python_frame fresh[PYTHON_FRAMES]; /* of the walk under way */
	struct python_known known[PYTHON_KNOWN];
};

#endif
