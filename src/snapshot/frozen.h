/*
 * What a snapshot knows of itself: why it was made, for which scan, and what it
 * is asked.
 */
#ifndef FROZEN_H
#define FROZEN_H

#include <stdbool.h>
#include <stdint.h>
#include "process/stopped.h"
#include "snapshot/shared.h"
#include "snapshot/triggers.h"

enum ask {
	ASK_NOTHING,
	ASK_CUTS,      /* besides a scan, ... */
	ASK_HELD,      /* ... of a block to which there is no path, ... */
	ASK_HEAP,      /* ... to write all blocks to a file */
	ASK_REFERRERS, /* instead of one: */
	ASK_PATH,      /* how a root leads to a block */
};

/* Whether the question comes instead of a scan. */
static inline bool ask_is_alone(enum ask ask)
{
	return ask >= ASK_REFERRERS;
}

struct snapshot {
	enum trigger trigger;
	uint32_t n;	/* of the scan */
	uint32_t asked; /* the same when it answers a request, else 0; of a
			   question alone, the next one's */
	enum ask ask;
	uintptr_t about; /* what is asked about */
	struct stopped self;
	void *alternate; /* the calling thread's signal stack */
	uint32_t turn;	 /* how often the scan was made and said nothing */
	bool again;	 /* it may say nothing once more */
	struct shared *shared;
};

#endif
