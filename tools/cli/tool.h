/*
 * What all files of the command share: messages, the option table, the verbs.
 * The command has one thread and no locks.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>

/* Exit codes: `run` is like env and timeout, the other verbs like diff. */
enum status {
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_RUN_FAILED = 125,
	STATUS_CANNOT_EXECUTE = 126,
	STATUS_NOT_FOUND = 127,
};

/* die.c: one line on standard error, "gordian: ...". Notes are dropped when
 * quiet, complaints never; die() ends the command with that status. */
extern bool messages_quiet;
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NONE };

/* options.c: what the options of any verb set. */
struct settings {
	const char *report;    /* a pattern, or NULL */
	const char *interval;  /* as given, checked, or NULL */
	const char *threshold; /* likewise */
	const char *budget;    /* likewise */
	const char *memory;    /* likewise */
	bool follow;
	int error_exitcode; /* 0: none */
	enum format format;
	bool quiet;
	const char *output; /* NULL: standard output */
};

struct verb {
	const char *name;
	const char *synopsis;
	const char *about;    /* half a line, for the list of verbs */
	const char *text;     /* opens the verb's own help */
	const char *examples; /* closes it */
	unsigned mask;	      /* which rows of the option table are its own */
	int usage_status;
	int (*main)(const struct settings *settings, char **operands);
};

/* Reads the options of a verb into settings. What is left of argv, the
 * operands, is returned, ended by NULL. Wrong usage ends the command; so does
 * --help, after printing it. */
char **options_parse(const struct verb *verb, char **argv,
		     struct settings *settings);
void verb_help(const struct verb *verb);
void usage_die(const struct verb *verb, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

extern const struct verb verb_run, verb_report, verb_check;

int run_main(const struct settings *settings, char **operands);
int report_main(const struct settings *settings, char **operands);
int check_main(const struct settings *settings, char **operands);

#endif
