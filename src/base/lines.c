/*
 * See lines.h.
 */
#include "base/large.h"
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

/* The buffer is not mapped for the reading: a list of what is mapped would have
 * it. */
int lines_read(struct lines *lines, int fd)
{
	static char buffer[BUFFER] LARGE;
	long n;

	while ((n = sys(SYS_read, fd, buffer, BUFFER)) > 0)
		lines_add(lines, buffer, n);
	return (int)n;
}
