/*
 * The report file as the program sees it: found a name, kept open at a high
 * descriptor, mapped (so that `gordian check` finds it by /proc/PID/maps, also
 * when the descriptor is gone), appended to line by line.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the processes that write one report know of it together. */
struct file_shared {
	uint32_t n; /* of the name */
	uint32_t open;
	uint32_t failed; /* it was said that it cannot be written */
	uint32_t stuck;	 /* a pipe that nobody reads: given up */
	uint32_t error;	 /* errno: why the last line is missing */
};
/* From now on, with what is known by now; NULL: nothing is shared. */
void file_share(struct file_shared *shared);

/* The name of the program, for %n and the first line. Once. */
void file_init(void);
/* There is to be one, whether or not anything is to be written. Else it is
 * made when there is: a finding, a warning, the answer to a request. */
bool file_is_kept(void);
bool file_is_there(void);
/* Its process was made by fork from one that Gordian is in. */
bool file_is_forks(void);
/* In the constructor: opens it, if it is kept; else its home. */
void file_begin(void);
/* Opens it when it is not open yet. Process and child alike. 0 or -errno. */
int file_ensure(void);
/* The same, without a word where it cannot be opened. */
int file_ensure_quietly(void);
/* Appends one whole line (with its newline) with one write. 0 or -errno. */
int file_line(const char *line, size_t size);
/* {"t":"warning"}. */
void file_warning(const char *text);
/* One that says that scans are missing from here on. */
void file_missing(const char *text);
/* The same, once, on descriptor 2 where there is no report; but always when it
 * answers a request: scan `asked` will not come. 0: nobody has asked. */
void file_failure(const char *text, uint32_t asked, uint32_t *told);
/* The answer to a request could not be written: tells who waits for it, who
 * looks at the mapping (request.h). The program alone. */
void file_unanswered(void);
/* Appends a line to the report of the first process of this family (family.h).
 * Also in a child of vfork. */
void file_home_line(const char *line, size_t size);
/* The path; "" when it could not be opened. */
const char *file_path(void);
/* The descriptor that is still the report, or -1. */
int file_descriptor(void);
void file_forked(void);

#endif
