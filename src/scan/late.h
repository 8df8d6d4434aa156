/*
 * What the first look passes over, as it holds nothing in nearly every
 * program: memory that is without access or read-only just now, pages of files
 * that are not in memory, memory that a child does not have. It is looked at
 * only while blocks are unreached.
 *
 * Snapshot child only.
 */
#ifndef LATE_H
#define LATE_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/learn.h"
#include "scan/maps.h"
#include "scan/proven.h"
#include "scan/root.h"
#include "scan/settle.h"

/* In the memory that child and program share: what one scan leaves to the
 * next. */
struct late_shared {
	struct learned learned;
	struct unsettled unsettled;
	struct proven proven;
	uint32_t freeze;      /* enum freeze: of the current scan */
	uint32_t unripe;      /* findings of it that wait for a second one */
	uint32_t told_freed;  /* that blocks are freed past us */
	uint32_t told_hidden; /* that memory could not be read */
	bool unsure; /* a helper of libc's ran while the child was made */
};

/* Before anything reads a block: those in memory without access can be read
 * from here on. Needs blocks_build(). awaited: the program waits for the scan,
 * or ends; again: it may be made once more. */
void late_begin(struct late_shared *shared, struct maps *maps, bool awaited,
		bool again);
/* Adds the roots to those of roots_find(). 0 or -errno. */
int late_find(struct roots *out) __attribute__((warn_unused_result));
/* After marking: only what the scan before found so too is unreached, where
 * memory went on changing, and only a suspect, where a thread went on or memory
 * was not to be had. */
void late_settle(void);
/* The scan says nothing: it lacks memory that another one will have. */
bool late_is_void(void);
/* Something could not be read, or went on changing: nothing is certain. */
bool late_is_unsure(void);
/* Blocks were freed past us: true once, for who tells of it. */
bool late_tells_freed(void);
/* Memory that may hold blocks was not to be had, by any scan: the same. */
bool late_tells_hidden(void);

#endif
