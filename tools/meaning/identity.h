/*
 * What tells a finding from others: its kind, and where its blocks were made,
 * by the names of functions and files. A rebuilt program keeps it, and copies
 * of one line that the compiler made have the same.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct finding;
struct report;

struct identity {
	uint64_t hash;
	bool is_named; /* a function's name is known; if none is, the hash is of
			  the id that the finding came with */
	/* The lines of the program in which that is, counted from where their
	 * functions begin. They are no part of the hash, since compilers do not
	 * agree on all. */
	size_t lines_n;
	const int *lines; /* in the report's memory */
};

/* Names have to be looked up, kind and head settled. Cost: the frames of the
 * sample. */
struct identity identity_make(struct report *report,
			      const struct finding *finding);
/* By hash, then by lines; as qsort() wants it. */
int identity_compare(const struct identity *a, const struct identity *b);

#endif
