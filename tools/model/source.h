/*
 * A report file → its records.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report;

/* Adds a file ("-" is standard input). False: nothing of it could be used, and
 * the user was told. Damage further on goes to report->damages. */
bool report_read(struct report *report, const char *path)
	__attribute__((warn_unused_result));
/* The same for an open file. It is closed. Messages call it `name`. Lines have
 * at most so many bytes. Reads up to the end of scan number `until`, when that
 * is not 0. */
bool report_read_file(struct report *report, int fd, const char *name,
		      size_t most, uint64_t until)
	__attribute__((warn_unused_result));

#endif
