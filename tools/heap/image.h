/*
 * An image of a whole heap, as the library writes it (doc/design/snapshot.md),
 * in memory. What refers to something else is a number of something that is
 * there.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "heap/graph.h"
#include "heap/ids.h"

#define NONE UINT32_MAX

enum told { TOLD_NOTHING, TOLD_MACRO, TOLD_RUNTIME, TOLD_CLASS };
enum state { IS_HELD, IS_SUSPECT, IS_LEAKED };
enum word_flag { WORD_WEAK = 1, WORD_LINK = 2, WORD_NAMED = 4 };
enum holder { BY_VARIABLE, BY_STACK, BY_REGISTER, BY_THREAD, BY_MEMORY };

/* An address: of a module, or, with module 0, as it was. */
struct spot {
	uint32_t module;
	uint64_t address;
};

/* Blocks of which the same is known. */
struct alike {
	struct alike_key {
		uint32_t stack; /* an index of the stacks, or NONE */
		uint32_t told;
		uint32_t name; /* a string, or NONE */
		uint32_t module;
		uint64_t size, vtable;
	} key;
	uint64_t first; /* the first such block: a node */
	uint64_t n;
};

/* A node of the depot: a frame, and what called it. */
struct caller {
	uint32_t id, parent; /* an index, or NONE */
	bool own;	     /* Gordian's */
	struct spot spot;
	uint32_t function, file, line; /* of Python code: strings */
};

struct image_module {
	uint32_t path; /* a string */
	char build_id[41];
};

/* Words of roots that one holder has. */
struct run {
	enum holder holder;
	uint32_t thread;
	struct spot code;
	size_t first; /* of the words */
};

struct root_word {
	struct spot spot;
	uint32_t to; /* a node */
};

struct image {
	/* Node 0 is the root; each block follows. Before they are explained: a
	 * node's name is the number of its kind, its trace an index of the
	 * stacks and one more; an edge's name is its offset and 2, or 1, or,
	 * with WORD_NAMED in its type, a string. */
	struct graph graph;
	uint64_t blocks;
	uint8_t *states; /* of the blocks, from 0 */
	struct ids ids;
	size_t kinds_n, callers_n, modules_n, runs_n, words_n;
	struct alike *kinds;
	struct caller *callers; /* parents come first */
	struct image_module *modules;
	uint32_t python; /* the module of Python code, or 0 */
	struct run *runs;
	struct root_word *words;
};

/* NULL, or what is wrong. image_free() in any case. */
const char *image_read(struct image *image, FILE *file);
void image_free(struct image *image);

#endif
