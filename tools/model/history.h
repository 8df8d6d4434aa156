/*
 * What the scans of one program said of a finding, in few points.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>
#include <stdint.h>

struct finding;
struct program;
struct report;

struct moment {
	uint64_t scan, count, bytes;
};

/* At most so many: when they are full, every second one goes. */
#define HISTORY_MOST 64
#define HISTORY_POINTS (HISTORY_MOST + 1) /* with the last */

struct history {
	const struct program *program; /* whose scans these are */
	size_t n, room, stride, left;  /* so many scans are passed over yet */
	struct moment *moments;	       /* by scan */
	struct moment last;	       /* always there, though passed over */
};

/* Adds what a scan of the report's last program says. History of another
 * program before is dropped: a finding's is that of the last one. */
void history_add(struct report *report, struct finding *finding,
		 const struct moment *moment);
/* All moments into `to`, which has room for HISTORY_POINTS, by scan, the last
 * one among them. How many; 0 for NULL. */
size_t history_points(const struct history *history, struct moment *to);
/* Adds a finding's history to that of the one that stands for it, too. When
 * they are of two programs, only that of the later program stays. */
void history_join(struct report *report, struct finding *to,
		  const struct finding *from);

#endif
