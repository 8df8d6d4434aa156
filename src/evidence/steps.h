/*
 * The steps of a path from a root to a block, folded: steps that repeat
 * themselves stand once, with how often. A list of a million nodes is one such
 * step. Pure: it reads no memory of the program's.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stdint.h>

#define STEPS_MAX 100
#define STEPS_HEAD 60  /* of more, the first are kept, and the last */
#define STEPS_PERIOD 4 /* so many steps may repeat themselves */

/* A block, and the word that leads to it. */
struct path_step {
	uintptr_t from, at, word, block; /* from 0: a root */
	uint64_t size;
	uint32_t stack;
	/* Of the first of steps that repeat themselves: how many they are, and
	 * how often they come. 0: they do not. */
	uint32_t period;
	uint64_t times;
	bool mixed; /* they were not all allocated by one stack */
};

/* All zeros at first. */
struct steps {
	struct path_step list[STEPS_MAX + 1];
	uint32_t n;
	uint64_t total;		  /* blocks of the path */
	uint64_t omitted;	  /* that are in none of the steps, */
	uint32_t omitted_at;	  /* ... before this one */
	uint32_t period, matched; /* the last steps repeat themselves */
	struct path_step part[STEPS_PERIOD];
};

void steps_add(struct steps *steps, const struct path_step *step);
/* After the last. */
void steps_end(struct steps *steps);

#endif
