/*
 * The report file as the program sees it: found a name, kept open at a high
 * descriptor, mapped (so that `gordian check` finds it by /proc/PID/maps, also
 * when the descriptor is gone), appended to line by line.
 */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <stdint.h>

/* The name of the program, for %n and the first line. Once. */
void file_init(void);
/* Opens it when it is not open yet; a forked child does so only when it has
 * something to write. Process and child alike. 0 or -errno. */
int file_ensure(void);
/* The same, without a word where it cannot be opened. */
int file_ensure_quietly(void);
/* Appends one whole line (with its newline) with one write. 0 or -errno. */
int file_line(const char *line, size_t size);
/* {"t":"warning"}; needs a file. */
void file_warning(const char *text);
/* One that says that scans are missing from here on. */
void file_missing(const char *text);
/* The same, once; but always when it answers a request: scan `asked` will not
 * come. 0: nobody has asked. */
void file_failure(const char *text, uint32_t asked, uint32_t *told);
void file_end(int status);
/* The path; "" when it could not be opened. */
const char *file_path(void);
/* The descriptor that is still the report, or -1. */
int file_descriptor(void);
void file_forked(void);

#endif
