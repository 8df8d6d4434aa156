/*
 * See lines.h.
 */
#include <errno.h>
#include "base/arena.h"
#include "base/lines.h"
#include "base/sys.h"

#define BUFFER 65536

void lines_add(struct lines *lines, const char *text, size_t size)
{
	for (; size; text++, size--) {
		if (*text != '\n') {
			if (lines->used < lines->room - 1)
				lines->line[lines->used++] = *text;
			continue;
		}
		lines->line[lines->used] = 0;
		lines->used = 0;
		lines->use(lines->line, lines->data);
	}
}

int lines_read(struct lines *lines, int fd)
{
	char *buffer = arena_map(BUFFER);
	long n;

	if (!buffer)
		return -ENOMEM;
	while ((n = sys(SYS_read, fd, buffer, BUFFER)) > 0)
		lines_add(lines, buffer, n);
	arena_unmap(buffer, BUFFER);
	return (int)n;
}
