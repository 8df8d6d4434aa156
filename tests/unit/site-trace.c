/* Stands before the C library's allocator in the programs of tests/unit/site:
 * writes the size of each block to the file $TRACE, and whose calls made it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAMES 32

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static int busy, file = -1;
extern int usable_asked __attribute__((weak));

/* As malloc_usable_size() of glibc has it, which would be asked of the program
 * if it stood here. */
static size_t usable(size_t size)
{
	size_t chunk = (size + 8 + 15) & ~(size_t)15;

	return (chunk < 32 ? 32 : chunk) - 8;
}

static void frame_write(char *frame)
{
	struct dl_find_object object;
	const struct link_map *map;

	/* A call ends one byte before the instruction to which it returns. */
	if (_dl_find_object(frame - 1, &object))
		return;
	map = object.dlfo_link_map;
	dprintf(file, " %s+%lu", map->l_name[0] ? map->l_name : ".",
		(unsigned long)(frame - 1 - (char *)map->l_addr));
}

static __attribute__((noinline)) void record(size_t size)
{
	void *frames[FRAMES];
	int n, i;

	if (busy || !getenv("TRACE"))
		return;
	busy = 1;
	if (file < 0)
		file = open(getenv("TRACE"), O_WRONLY | O_CREAT | O_TRUNC,
			    0600);
	n = backtrace(frames, FRAMES);
	dprintf(file, "%zu", &usable_asked ? usable(size) : size);
	for (i = 2; i < n; i++) /* without this one and the allocator */
		frame_write(frames[i]);
	dprintf(file, "\n");
	busy = 0;
}

void *malloc(size_t size)
{
	void *block = __libc_malloc(size);

	record(size);
	return block;
}

void *calloc(size_t n, size_t size)
{
	void *block = __libc_calloc(n, size);

	record(n * size);
	return block;
}

void *realloc(void *old, size_t size)
{
	void *block = __libc_realloc(old, size);

	record(size);
	return block;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = __libc_memalign(alignment, size);
	record(size);
	return *block ? 0 : ENOMEM;
}
