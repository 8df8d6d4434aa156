/*
 * See library.h. The first hook may come before any constructor (another
 * library's allocates, or the loader).
 */
#include <errno.h>
#include <sys/auxv.h>
#include "base/pages.h"
#include "heap/heap.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/room.h"
#include "stack/rule.h"

/* The address space that must be left where it is limited. A third of it is in
 * use at first; a quarter of the heap comes on top. */
#define ROOM_LEAST (32ul << 20)

static enum { NOTHING, BUSY, UP, READY, FAILED } state;

/* A privileged process: the options in its environment are not obeyed, and its
 * user may not see what it holds. */
bool library_is_privileged(void)
{
	return getauxval(AT_SECURE) != 0;
}

/* When memory is short from the beginning, all of it is the program's: nothing
 * is mapped or recorded, and all calls are handed on. */
static bool may_begin(void)
{
	if (library_is_privileged() || room_left() < ROOM_LEAST)
		return false;
	pages_begin();
	pid_make_mark();
	return !heap_init(real_is_glibc ? 32 : 16);
}

bool library_begin(void)
{
	int saved;

	if (state != NOTHING)
		return library_is_up();
	saved = errno;
	state = BUSY;
	pid_note();
	real_init();
	/* glibc's blocks are at least 32 bytes apart */
	state = may_begin() ? UP : FAILED;
	if (state == FAILED)
		rules_stop();
	errno = saved;
	return state == UP;
}

bool library_is_up(void)
{
	return state == UP || state == READY;
}

bool library_is_ready(void)
{
	return state == READY;
}

bool library_is_new(void)
{
	return state == NOTHING || state == BUSY;
}

bool library_has_failed(void)
{
	return state == FAILED;
}

void library_set_ready(void)
{
	state = READY;
}

void library_fail(void)
{
	state = FAILED;
}
