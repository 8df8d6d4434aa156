/*
 * The options of a verb.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "cli/verb.h"

/* Reads the options of a verb into settings. What is left of argv, the
 * operands, is returned, ended by NULL. Wrong usage ends the command; so does
 * --help, after printing it. */
char **options_parse(const struct verb *verb, char **argv,
		     struct settings *settings);
void verb_help(const struct verb *verb);
void usage_die(const struct verb *verb, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#endif
