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
	ASK_CUTS,      /* besides a scan */
	ASK_REFERRERS, /* instead of one */
};

struct snapshot {
	enum trigger trigger;
	uint32_t n;	/* of the scan */
	uint32_t asked; /* the same when it answers a request, else 0 */
	enum ask ask;
	uintptr_t about; /* what is asked about */
	struct stopped self;
	void *alternate; /* the calling thread's signal stack */
	uint32_t turn;	 /* how often the scan was made and said nothing */
	bool again;	 /* it may say nothing once more */
	struct shared *shared;
};

#endif
