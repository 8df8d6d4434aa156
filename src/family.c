/*
 * See family.h. Any thread; raw system calls and single atomic steps.
 *
 * The first process closes the page before it lists who is still open. Who
 * begins or leaves after that sees it closed and writes a line, so that
 * nobody is missed: a child enters before it looks.
 */
#include <sys/mman.h>
#include "config.h"
#include "family.h"
#include "file.h"
#include "sys.h"

#define MEMBERS 1000 /* more are only counted */

static struct family {
	uint32_t is_closed;
	int32_t uncounted; /* open ones that have no place */
	int32_t pid[MEMBERS];
} * family;

static bool is_fork;
static int32_t *place; /* of this process; NULL: uncounted */

void family_init(void)
{
	long p = sys(SYS_mmap, 0, sizeof *family, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	family = sys_failed(p) ? NULL : (struct family *)p;
}

bool family_holds(uintptr_t at)
{
	return family && at - (uintptr_t)family < sizeof *family;
}

bool family_is_fork(void)
{
	return is_fork;
}

static void tell(int32_t pid, const char *rest)
{
	char line[96];
	struct text t = {line, sizeof line, 0};

	text_add(&t, "{\"t\":\"child\",\"pid\":");
	text_number(&t, pid);
	text_add(&t, rest);
	file_home_line(line, t.used);
}

static bool is_closed(void)
{
	return __atomic_load_n(&family->is_closed, __ATOMIC_SEQ_CST);
}

static void enter(int32_t pid)
{
	uint32_t i, at = pid;
	int32_t none;

	place = NULL;
	for (i = 0; i < MEMBERS && !place; i++, at++) {
		none = 0;
		if (__atomic_compare_exchange_n(
			    &family->pid[at % MEMBERS], &none, pid, false,
			    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			place = &family->pid[at % MEMBERS];
	}
	if (!place)
		__atomic_add_fetch(&family->uncounted, 1, __ATOMIC_SEQ_CST);
}

static void leave(void)
{
	if (place)
		__atomic_store_n(place, 0, __ATOMIC_SEQ_CST);
	else
		__atomic_sub_fetch(&family->uncounted, 1, __ATOMIC_SEQ_CST);
}

void family_forked(void)
{
	int32_t pid = sys(SYS_getpid);

	is_fork = true;
	if (!family)
		return;
	enter(pid);
	if (is_closed())
		tell(pid, ",\"open\":true}\n");
}

void family_left(void)
{
	if (!family || !is_fork)
		return;
	leave();
	if (is_closed())
		tell(sys(SYS_getpid), ",\"open\":false}\n");
}

/* As many as there is room for, and how many there are besides. */
static void add_open(struct text *text)
{
	int32_t more = family->uncounted, pid;
	uint32_t i, n = 0;

	text_add(text, ",\"open\":[");
	for (i = 0; i < MEMBERS; i++) {
		pid = __atomic_load_n(&family->pid[i], __ATOMIC_SEQ_CST);
		if (!pid)
			continue;
		if (text->used + 64 > text->room) {
			more++;
			continue;
		}
		text_add(text, n++ ? "," : "");
		text_number(text, pid);
	}
	text_add(text, "]");
	if (more > 0) {
		text_add(text, ",\"more\":");
		text_number(text, more);
	}
}

void family_close(struct text *text)
{
	if (!family || is_fork)
		return;
	__atomic_store_n(&family->is_closed, 1, __ATOMIC_SEQ_CST);
	add_open(text);
}

static void tell_exec(int32_t pid, const char *path, uint32_t scan)
{
	char line[4096], shown[256];
	struct text t = {line, sizeof line, 0}, s = {shown, sizeof shown, 0};

	text_add(&s, path ? path : "");
	text_add(&t, "{\"t\":\"exec\",\"pid\":");
	text_number(&t, pid);
	text_add(&t, ",\"path\":");
	text_json(&t, shown);
	if (scan) {
		text_add(&t, ",\"scan\":");
		text_number(&t, scan);
		family_close(&t);
	}
	text_add(&t, "}\n");
	file_home_line(line, t.used);
}

void family_spawned(int32_t pid, const char *path)
{
	tell_exec(pid, path, 0);
}

/* A child of fork that executes is no member any more: what it executes has
 * its own report, which is missed when it is not there. */
void family_executes(const char *path, uint32_t scan, bool is_own)
{
	tell_exec(sys(SYS_getpid), path, scan);
	if (family && is_fork && is_own)
		leave();
}

void family_failed(bool is_own)
{
	int32_t pid = sys(SYS_getpid);

	tell(pid, ",\"executed\":false}\n");
	if (!family || !is_own)
		return;
	if (is_fork)
		enter(pid);
	else
		__atomic_store_n(&family->is_closed, 0, __ATOMIC_SEQ_CST);
}
