/*
 * The report file as the program sees it. It is given a name, kept open at a
 * high descriptor, and appended to line by line. It is mapped, so that `gordian
 * check` finds it by /proc/PID/maps, also when the descriptor is gone.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the processes that write one report share about it. */
struct file_shared {
	uint32_t n; /* number that is part of the name */
	uint32_t open;
	uint32_t failed; /* it was said that the report cannot be written */
	uint32_t stuck;	 /* given up: a pipe that nobody reads */
	uint32_t error;	 /* the errno for which the last line is missing */
};
/* From now on this is shared, with what is known by now. NULL: nothing is
 * shared. */
void file_share(struct file_shared *shared);

/* Notes the program's name, for %n and the first line. Once. */
void file_init(void);
/* Whether there is to be a report even with nothing to write. Otherwise it
 * is made when there is something: a finding, a warning, the answer to a
 * request. */
bool file_is_kept(void);
bool file_is_there(void);
/* Whether this process was made by fork from one that has Gordian. */
bool file_is_forks(void);
/* In the constructor: opens the report if it is kept, otherwise its home. */
void file_begin(void);
/* Opens the report when it is not open yet. In the process and in the scan's
 * child. 0 or -errno. */
int file_ensure(void);
/* The same, but says nothing when it cannot be opened. */
int file_ensure_quietly(void);
/* Appends one whole line (with its newline), with one write. 0 or -errno. */
int file_line(const char *line, size_t size);
/* The answer to a request could not be written. Tells that to the process that
 * waits for it, which looks at the mapping (request.h). In the program only. */
void file_unanswered(void);
/* Appends a line to the report of the first process of this family (family.h).
 * Also in a child of vfork. */
void file_home_line(const char *line, size_t size);
/* The path; "" when it could not be opened. */
const char *file_path(void);
/* Whether the report is in memory: no file has its name. */
bool file_is_nowhere(void);
/* The descriptor that is still the report, or -1. */
int file_descriptor(void);
void file_forked(void);
/* Closes what file_begin() opened. In the constructor, of a program that is not
 * looked at. */
void file_leave(void);

#endif
