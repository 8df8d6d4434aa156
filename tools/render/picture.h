/*
 * What is shown of one finding: a way round it, and of each member its name,
 * its maker and its stack. All of it is in the report's memory.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "render/lines.h"
#include "render/way.h"

struct entry_line;
struct finding;
struct page;

struct face {
	const char *label; /* type, or size */
	const char *doing, *where;
	const struct entry_line *maker; /* or NULL */
	bool listed;			/* it is named, and so is its stack; */
	struct lines lines;		/* only then */
	size_t like; /* the first member listed with equal lines */
};

struct picture {
	const struct finding *finding;
	struct way way;
	size_t faces_n;
	struct face *faces; /* of each member */
	bool numbered;	    /* labels alone would not tell members apart */
	size_t listed;
};

struct picture picture_make(const struct page *page,
			    const struct finding *finding);
/* "Parent", or "[1]". */
const char *picture_name(const struct page *page, const struct picture *picture,
			 size_t member);
/* Two members that look alike: of one label and one maker. */
bool faces_alike(const struct face *a, const struct face *b);

#endif
