/*
 * A file that is written from its beginning to its end, in numbers of variable
 * length. Snapshot child only.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>
#include <stdint.h>

#define STREAM_ROOM (64u << 10)

struct stream {
	int fd;
	int err; /* 0, or -errno: nothing more is written */
	uint32_t used;
	char *room; /* STREAM_ROOM bytes */
};

void stream_flush(struct stream *stream);
/* Seven bits a byte, the lowest first; all but the last have the highest bit
 * set. */
void stream_number(struct stream *stream, uint64_t number);
/* The length, then the bytes. */
void stream_text(struct stream *stream, const char *text, size_t length);

#endif
