/*
 * Writing without stdio: to a report, and on descriptor 2. No lock, no
 * allocation. Any thread, also in a signal handler.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>

/* Remembers which file descriptor 2 is now. A program that closes it may have a
 * file of its own there later. */
void out_init(void);
bool out_has_stderr(void);
/* Writes "gordian: message\n" on descriptor 2, if that is still the same
 * file. */
void out_note(const char *message);
/* Writes the message on descriptor 2. Bytes that could control a terminal are
 * overwritten first. */
void out_show(char *message, size_t size);
/* Writes all of a line of a report, also when interrupted. 0 or -errno. SIGXFSZ
 * of a limited file size does not reach the program. A pipe whose reader does
 * not read is waited for once, shortly: then -EAGAIN. */
int out_line(int fd, const char *line, size_t size);

#endif
