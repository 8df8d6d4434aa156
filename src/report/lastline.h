/*
 * The last line of a report: the process has come to a proper end.
 */
#ifndef LASTLINE_H
#define LASTLINE_H

#include <stdint.h>

/* Writes it. A process that needs no report writes it in its home. scan is the
 * last scan, when it came to a result, else 0. */
void lastline_end(int status, uint32_t scan);
/* The same, when no scan was needed. */
void lastline_none(void);

/* The first and last of a program that is not looked at. Closes the report. */
void lastline_aside(void);

#endif
