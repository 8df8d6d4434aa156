/*
 * How far long work is, on a terminal.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>

/* Work on so many things begins; what it is, "looking up names", and what they
 * are, "findings". */
void progress_begin(const char *what, size_t steps, const char *things);
/* One is done. Once all work of the command has taken a second, standard error
 * shows how many, if it is a terminal. */
void progress_step(void);
/* The same within a thing that may take long. Between works it does nothing. */
void progress_tick(void);
/* Takes away what was shown. */
void progress_end(void);

#endif
