/*
 * Writing without stdio: text put together in a buffer of the caller's, and
 * one write. No lock, no allocation; any thread, also in a signal handler.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What does not fit is cut off; it always ends with a 0. */
struct text {
	char *buffer;
	size_t room, used;
};

void text_add(struct text *text, const char *s);
void text_number(struct text *text, int64_t n);
void text_hex(struct text *text, uint64_t n);
/* As a JSON string, quotes included; any bytes. */
void text_json(struct text *text, const char *s);

/* Descriptor 2 is remembered as it is now; a program that closed it may have a
 * file of its own there later. */
void out_init(void);
bool out_has_stderr(void);
/* "gordian: message\n" on descriptor 2, while that is what it was. */
void out_note(const char *message);
/* On descriptor 2; what could drive a terminal is overwritten first. */
void out_show(char *message, size_t size);
/* All of it, over interruptions: 0 or -errno. */
int out_write(int fd, const char *data, size_t size);
/* The same for a line of a report. SIGXFSZ of a limited file size does not
 * reach the program; a pipe whose reader does not read is waited for once and
 * shortly: -EAGAIN. */
int out_line(int fd, const char *line, size_t size);

#endif
