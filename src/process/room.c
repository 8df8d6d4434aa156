/*
 * See room.h. It is what RLIMIT_AS or RLIMIT_DATA leaves, whichever is less;
 * and what the kernel promises, when it promises no more than there is.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"
#include "process/room.h"

#define PAGE 4096ul
#define FIELD_ALL 0  /* of statm */
#define FIELD_DATA 5 /* the stack with it */

/* The number in a file in /proc behind so many words; 0 when it cannot be
 * read. */
static uint64_t number_of(const char *path, int field)
{
	char text[128];
	const char *at = text;

	fd_read_text(fd_open_proc(path, O_RDONLY), text, sizeof text);
	while (field && *at)
		field -= *at++ == ' ';
	return proc_decimal(at);
}

static size_t left_of(int limit, int field)
{
	uint64_t most[2] = {UINT64_MAX, 0}, used;

	if (sys(SYS_prlimit64, 0, limit, 0, most) || most[0] == UINT64_MAX)
		return SIZE_MAX;
	used = number_of("self/statm", field) * PAGE;
	return most[0] > used ? most[0] - used : 0;
}

size_t room_left(void)
{
	size_t all = left_of(RLIMIT_AS, FIELD_ALL);
	size_t data = left_of(RLIMIT_DATA, FIELD_DATA);

	return data < all ? data : all;
}

bool room_is_promised(void)
{
	return number_of("sys/vm/overcommit_memory", 0) == 2;
}
