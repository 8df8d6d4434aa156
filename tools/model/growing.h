/*
 * Places that grow: stacks of whose blocks ever more are reached.
 */
#ifndef GROWING_H
#define GROWING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

#include "model/model.h"
#include "model/path.h"

#define GROWING_COUNTS 8 /* scans */

struct growing {
	struct growing_key {
		uint64_t program; /* from 1, in the order of the report */
		uint64_t place;	  /* its number in that process */
	} key;
	const struct program *of;
	uint64_t scan; /* the last that tells of it */
	size_t counts_n;
	uint64_t counts[GROWING_COUNTS]; /* blocks at each scan, oldest first */
	uint64_t bytes;
	/* What only its blocks hold, when the path was searched for. */
	uint64_t retained_bytes, retained_blocks;
	uint64_t within;     /* the place that holds most of its blocks, or 0 */
	struct stack *stack; /* never NULL; may be empty */
	struct path *path;   /* to one of its newest blocks, or NULL */
	/* Once explained: the place of `within`, or NULL; the place that
	 * stands for it and others with its meaning; where it is listed. */
	struct growing *holder, *meant;
	const char *id;	    /* or NULL: no frame has a name */
	bool is_bounded;    /* it fills up, or is a collector's */
	bool is_known;	    /* the baseline has it, */
	uint64_t baseline;  /* with so many blocks at the end */
	bool is_suppressed; /* it is about to be taken out */
	size_t rank;
	UT_hash_handle hh;
};

/* Takes a record of type "growing". False: it is damaged. */
bool growing_read(struct report *report, const json_t *record);
/* Once all files are read: drops what grew once and does so no longer at its
 * program's last scan, and sorts the rest, the largest first. */
void growing_finish(struct report *report);
void growing_sort(struct report *report);
void growing_free(struct report *report);
/* How many blocks it had at the last of the scans. */
uint64_t growing_blocks(const struct growing *growing);
/* How many blocks it has more than at the first of the scans. */
uint64_t growing_gain(const struct growing *growing);
/* The block that its path leads to, or NULL. */
const struct member *growing_member(const struct growing *growing);
size_t growing_count(const struct report *report);
/* How many of them the baseline does not have. */
size_t growing_new(const struct report *report);

#endif
