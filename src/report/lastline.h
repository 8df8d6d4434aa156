/*
 * The last line of a report: the process has come to a proper end.
 */
#ifndef LASTLINE_H
#define LASTLINE_H

#include <stdint.h>

/* A process that needs no report says so in its home. scan: the last one, when
 * it came to a result; else 0.
 */
void lastline_end(int status, uint32_t scan);
/* The same, where no scan was needed. */
void lastline_none(void);

#endif
