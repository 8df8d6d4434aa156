/*
 * Files of suppressions: findings that nobody wants to see.
 *
 *     # a comment
 *     leak:pattern          function, file or module of a frame; also of
 *                           places that grow
 *     cycle:pattern         type of a member, or Type.field of an edge
 *     cycle:pattern max=10  ... of no more than ten
 */
#ifndef SUPPRESSIONS_H
#define SUPPRESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPPRESSIONS_BYTES ((size_t)16 << 20) /* of a file */

enum suppresses { SUPPRESSES_LEAKS, SUPPRESSES_CYCLES };

/* What a suppression matches: they are counted apart. */
enum subject { OF_FINDINGS, OF_PLACES, SUBJECTS };

struct suppression {
	enum suppresses what;
	const char *pattern;
	bool is_limited;
	uint64_t max; /* instances of all findings that it matches; and blocks
			 of all places that grow */
	const char *path;
	uint32_t line;
	/* Filled while a report is looked at. */
	bool is_used;
	uint64_t met[SUBJECTS];
	const void *last; /* the finding or place that it matched last */
};

struct suppressions {
	size_t n, room;
	struct suppression *list;
	size_t texts_n;
	char **texts; /* of files, in which the patterns are */
};

/* Reads a text of n bytes, which has a 0 behind them. Patterns stay in it.
 * Returns 0, or the number of the first line that is refused, with half a
 * sentence in *why. path is for messages, and kept too. */
uint32_t suppressions_read(struct suppressions *all, const char *path,
			   char *text, size_t n, const char **why);
/* Reads a file. What is wrong with it ends the command with that status. */
void suppressions_open(struct suppressions *all, const char *path, int status);
/* Names on standard error those that matched nothing, and those of which there
 * was more than they allow. */
void suppressions_tell(const struct suppressions *all);
void suppressions_close(struct suppressions *all);

#endif
