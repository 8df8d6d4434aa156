/*
 * What somebody asks to see of a report.
 */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NONE };

struct view {
	enum format format; /* FORMAT_NONE prints nothing */
	bool verbose;	    /* as text: every block, word and frame */
	bool quiet;	    /* as text: no notes */
	size_t top;	    /* as text: so many findings; 0: all */
};

#endif
