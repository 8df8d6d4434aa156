/*
 * The options of a verb.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "cli/verb.h"

/* Reads a verb's options into settings. Returns what is left of argv, the
 * operands, ended by NULL. Wrong usage ends the command. So does --help, after
 * printing it. */
char **options_parse(const struct verb *verb, char **argv,
		     struct settings *settings);
void verb_help(const struct verb *verb);
void usage_die(const struct verb *verb, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#endif
