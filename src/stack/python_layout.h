/*
 * Where CPython 3.9 to 3.14 keep frames, code and text: offsets in bytes.
 * Filled once, in one thread, before frames are read.
 */
#ifndef PYTHON_LAYOUT_H
#define PYTHON_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* What the interpreter exports. Addresses; 0: not there. */
struct python_exports {
	uint32_t version;  /* 0x030b: 3.11 */
	uintptr_t current; /* functions: the state of the thread that has the
			      interpreter's lock, or of this one */
	uintptr_t own;	   /* the state of this thread, with or without */
	uintptr_t ending;  /* whether states of other threads are deleted */
	uintptr_t runtime; /* with offsets for debuggers, as of 3.13 */
	uintptr_t code;	   /* the types of code and text */
	uintptr_t unicode;
	uintptr_t eval, eval_end; /* the function that runs frames */
	uintptr_t low, high;	  /* the interpreter's module */
};

struct python_layout {
	uint16_t version;
	uint16_t thread; /* of a thread state: pthread_self() */
	uint16_t frame;	 /* the innermost frame, or what holds it */
	uint16_t held;	 /* there, the frame */
	bool holds;
	/* of a frame */
	uint16_t back, code, instruction, owner;
	uint8_t foreign; /* owners from here on are no Python frames; 0: none */
	/* of a code object */
	uint16_t units, name, file, lines, first;
	/* of text and bytes */
	uint16_t ascii, wide, bytes;
	uintptr_t code_type, text_type;
};

/* False when the interpreter is no version that is known to the letter. */
bool python_layout_find(struct python_layout *layout,
			const struct python_exports *exports)
	__attribute__((warn_unused_result));

#endif
