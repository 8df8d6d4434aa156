/* See stream.h. */
#include <string.h>
#include "base/out.h"
#include "snapshot/stream.h"

#define NUMBER_MOST 10

void stream_flush(struct stream *s)
{
	if (!s->err && s->used)
		s->err = out_line(s->fd, s->room, s->used);
	s->used = 0;
}

void stream_number(struct stream *s, uint64_t number)
{
	if (s->used > STREAM_ROOM - NUMBER_MOST)
		stream_flush(s);
	for (; number > 127; number >>= 7)
		s->room[s->used++] = (char)(number | 128);
	s->room[s->used++] = (char)number;
}

void stream_text(struct stream *s, const char *text, size_t length)
{
	size_t n;

	for (stream_number(s, length); length; length -= n, text += n) {
		if (s->used == STREAM_ROOM)
			stream_flush(s);
		n = STREAM_ROOM - s->used < length ? STREAM_ROOM - s->used
						   : length;
		memcpy(s->room + s->used, text, n);
		s->used += n;
	}
}
