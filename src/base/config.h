/*
 * The options of a run, read once from GORDIAN_OPTIONS by the constructor
 * (programs overwrite or drop their environment later).
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_PATH 4096

struct config {
	const char *report;	 /* pattern, absolute */
	const char *rules;	 /* files, absolute: each with its 0, and a 0 */
	const char *only, *skip; /* names of programs, in the same way */
	const char *accept;   /* options of `gordian report`, in the same way */
	char *options;	      /* for programs that we execute, ... */
	size_t room;	      /* ... and how many bytes it may have */
	char run[128];	      /* token of the run, from `gordian run` */
	uint64_t interval_us; /* 0: none */
	uint64_t threshold;   /* 0: a quarter more, at least 10,000 */
	uint64_t check_stacks; /* compare each Nth stack; 0: none */
	uint32_t budget;  /* of the wall time, in hundredths of a percent */
	uint64_t filters; /* seccomp filters under which scans are possible */
	bool told;	  /* there are no others, as far as could be seen */
	uint64_t memory;  /* bytes for the child; 0: half of the program's */
	bool follow;
	bool python_stacks; /* frames of Python code in stacks */
	bool nowhere;	    /* no file is left: the report is in memory */
	bool keep;	    /* reports in which nothing was found, too */
	uint64_t main_pid;  /* PROGRAM, which always leaves a report; 0: none */
	int debug;	    /* gordian_set_debug() */
	bool first;	    /* this process made the run's token */
	bool plain;	    /* not under `gordian run`: print the summary */
	char warning[256];  /* about the options; "" when they are fine */
};
extern struct config config;

void config_read(const char *options);
/* Room for a path, mostly on the page of the options; NULL when there is none.
 * Call it once, when the options are complete but for `filters`. */
char *config_rest(void);
/* Notes how many filters are known, also for programs that we execute. */
void config_know_filters(uint64_t n);
/* Writes the pattern to out, with %p and %n replaced. */
void config_report_path(char out[static CONFIG_PATH], int32_t pid,
			const char *program);

#endif
