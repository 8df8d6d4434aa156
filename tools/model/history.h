/*
 * What the scans of one program said of a finding, in few points.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>
#include <stdint.h>

struct finding;
struct report;

struct moment {
	uint64_t scan, count, bytes;
};

/* At most so many: when they are full, every second one goes. */
#define HISTORY_MOST 64

struct history {
	size_t n, room, stride, left; /* so many scans are passed over yet */
	struct moment *moments;	      /* by scan */
};

/* Adds what a scan of the report's last program says. History of another
 * program before is dropped: a finding's is that of the last one. */
void history_add(struct report *report, struct finding *finding,
		 const struct moment *moment);

#endif
