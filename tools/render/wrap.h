/*
 * Breaks lines that are too long for a terminal.
 */
#ifndef WRAP_H
#define WRAP_H

#include <stdio.h>

/* The columns to keep within: those of COLUMNS, else of the terminal to which
 * out goes. 0: lines may have any length. */
int wrap_width(FILE *out);
/* A stream whose lines go to out, broken at spaces, the rest below and farther
 * in, beside the rail of a drawing. Closing it leaves out open. NULL when
 * memory is out. */
FILE *wrap_open(FILE *out, int width);

#endif
