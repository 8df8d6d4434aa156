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
	const char *report;    /* pattern, absolute */
	char *options;	       /* for programs that we execute, ... */
	size_t room;	       /* ... and how many bytes it may have */
	char run[128];	       /* token of the run; set by `gordian run` */
	uint64_t interval_us;  /* 0: none */
	uint64_t threshold;    /* 0: a quarter more, at least 10,000 */
	uint64_t check_stacks; /* each of so many; 0: none */
	uint32_t budget;       /* hundredths of a percent of the wall time */
	uint64_t filters;      /* of seccomp, that scans are possible under */
	uint64_t memory; /* of the child, bytes; 0: half of the program's */
	bool follow;
	bool keep;	   /* the reports in which nothing is */
	uint64_t main_pid; /* who is to leave one anyhow: PROGRAM; 0: none */
	int debug;	   /* gordian_set_debug() */
	bool first;	   /* of a run without a token: it made one */
	bool plain;	   /* not under `gordian run`: prints its own summary */
	char warning[256]; /* of the options, "" when they are fine */
};
extern struct config config;

void config_read(const char *options);
/* Room for a path on the same page, mostly; NULL: there is none. Once, when the
 * options are complete but for filters. */
char *config_rest(void);
/* So many are known, also to programs that we execute. */
void config_know_filters(uint64_t n);
/* The pattern with %p and %n replaced, into out. */
void config_report_path(char out[static CONFIG_PATH], int32_t pid,
			const char *program);

#endif
