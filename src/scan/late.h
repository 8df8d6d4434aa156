/*
 * What the first look passes over, since it holds nothing in nearly every
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

/* In the memory that child and program share: what one scan leaves for the
 * next. */
struct late_shared {
	struct learned learned;
	struct unsettled unsettled;
	struct proven proven;
	uint32_t freeze;      /* enum freeze: of the current scan */
	uint32_t unripe;      /* its findings that wait for a second scan */
	uint32_t told_freed;  /* it was told that blocks are freed past us */
	uint32_t told_hidden; /* it was told that memory could not be read */
	bool unsure; /* a helper of libc's ran while the child was made */
};

/* Before anything reads a block. From here on, blocks in memory without access
 * can be read, or are skipped. Needs blocks_build(). awaited: the program waits
 * for the scan, or ends. again: the scan may be made once more. 0 or -errno. */
int late_begin(struct late_shared *shared, struct maps *maps, bool awaited,
	       bool again) __attribute__((warn_unused_result));
/* Adds the roots to those of roots_find(). 0 or -errno. */
int late_find(struct roots *out) __attribute__((warn_unused_result));
/* After marking. Where memory went on changing, only what the scan before found
 * unreached too stays so. Where a thread went on, or memory could not be had,
 * what is unreached becomes a suspect. */
void late_settle(void);
/* Whether something may hold blocks that was not seen, or not as it was. */
bool late_doubts(void);
/* Whether the scan says nothing: it lacks memory that another one will have. */
bool late_is_void(void);
/* Whether memory could not be read, or went on changing: then nothing is
 * certain. */
bool late_is_unsure(void);
/* Whether blocks were freed past us. True once, for the caller that tells
 * it. */
bool late_tells_freed(void);
/* The same for memory that may hold blocks and that no scan can have. */
bool late_tells_hidden(void);

#endif
