/*
 * A verb of the command, and what its options set.
 */
#ifndef VERB_H
#define VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "render/view.h"

struct form;

/* Which verbs take a row of the option table. */
#define MASK_RUN 1u
#define MASK_REPORT 2u
#define MASK_CHECK 4u
#define MASK_WHY 16u
#define MASK_SNAPSHOT 32u
#define MASK_ALL 7u
#define MASK_DIFF 8u

#define RULES_MOST 32
#define SUPPRESSIONS_MOST 64
#define NAMES_MOST 64

struct settings {
	const char *report;    /* a pattern, or NULL */
	bool no_report;	       /* no file is to be left */
	const char *interval;  /* as given, checked, or NULL */
	const char *threshold; /* likewise */
	const char *budget;    /* likewise */
	const char *memory;    /* likewise */
	bool follow, python_stacks;
	const char *rules[RULES_MOST]; /* files, checked later */
	size_t rules_n;
	/* Names of programs, without directories. */
	const char *only[NAMES_MOST], *skip[NAMES_MOST];
	size_t only_n, skip_n;
	const char *suppressions[SUPPRESSIONS_MOST]; /* files */
	size_t suppressions_n;
	const char *baseline; /* a file, or NULL */
	bool gen_suppressions;
	bool at_end; /* the library asks, at the end of a program */
	int error_exitcode, growth_exitcode; /* 0: none */
	struct view view;
	const struct form *form; /* of another tool, or NULL: see view */
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

#endif
