/*
 * Where the report is to be written.
 */
#ifndef TARGET_H
#define TARGET_H

/* The report pattern with an absolute path. Ends the command when nothing can
 * be written there. */
char *pattern_prepare(const char *pattern);

#endif
