/*
 * Where reports are written of which none is to be left.
 */
#ifndef NOWHERE_H
#define NOWHERE_H

/* Makes a directory that goes, with all that is in it, when the command ends.
 * Returns a pattern for reports in it, malloc'd. */
char *nowhere_prepare(void);

#endif
