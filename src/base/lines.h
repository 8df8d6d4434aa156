/*
 * Lines of a text that comes in pieces. A line that is longer than the room for
 * it is cut.
 */
#ifndef LINES_H
#define LINES_H

#include <stddef.h>

struct lines {
	void (*use)(const char *line, void *data);
	void *data;
	char *line;
	size_t room, used;
};

/* Calls use for each line that ends in the next piece of the text. */
void lines_add(struct lines *lines, const char *text, size_t size);
/* The same for all of the text that can be read from fd. 0 or -errno. Maps no
 * memory. One thread at a time: the snapshot child. */
int lines_read(struct lines *lines, int fd) __attribute__((warn_unused_result));

#endif
