/*
 * The environment that loads the library into PROGRAM and tells it its options.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

struct settings;

/* Makes a token that no other run ever has, malloc'd. */
char *token_make(void);
/* Sets it. pattern is that of the report. What is missing or wrong ends the
 * command. */
void preload_set(const struct settings *settings, const char *pattern,
		 const char *token);

#endif
