/*
 * See family.h. Any thread; raw system calls and single atomic steps.
 *
 * The first process closes the page before it lists which processes are still
 * open. A process that begins or leaves after that sees the page closed and
 * writes a line. Nobody is missed, since a child enters before it looks.
 */
#include <sys/mman.h>
#include "base/sys.h"
#include "base/text.h"
#include "heap/range.h"
#include "process/library.h"
#include "report/family.h"
#include "report/file.h"

#define MEMBERS 1000 /* more are only counted */

static struct family {
	uint32_t is_closed;
	int32_t uncounted;    /* open processes that have no place */
	int32_t pid[MEMBERS]; /* 0: free; -tid: a thread that is about to fork
			       */
} * family;

static bool is_fork;
static bool was_closed; /* closed before there were members */
static bool is_unknown; /* there was no memory for them */
static int32_t *place;	/* this process' place; NULL: it has none */
/* For the child that this thread is about to make. */
static __thread int32_t *reserved __attribute__((tls_model("initial-exec")));

/* Most processes never fork. When two threads fork at once, one gives its page
 * back: nobody has a place there yet. */
void family_begin(void)
{
	struct family *none = NULL, *made;
	long p;

	if (__atomic_load_n(&family, __ATOMIC_ACQUIRE) || is_fork ||
	    !library_is_ready())
		return;
	p = sys(SYS_mmap, 0, sizeof *family, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	is_unknown = sys_failed(p);
	if (is_unknown)
		return;
	made = (struct family *)p;
	made->is_closed = was_closed;
	ranges_add(&ranges_ours, p, p + sizeof *family);
	if (__atomic_compare_exchange_n(&family, &none, made, false,
					__ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
		return;
	ranges_remove(&ranges_ours, p, p + sizeof *family);
	sys(SYS_munmap, made, sizeof *made);
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

static bool replace(int32_t *at, int32_t old, int32_t new)
{
	return __atomic_compare_exchange_n(at, &old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/* Takes a free place and puts `with` into it; NULL when there is none. */
static int32_t *occupy(int32_t with)
{
	uint32_t i, at = with;

	for (i = 0; i < MEMBERS; i++, at++)
		if (replace(&family->pid[at % MEMBERS], 0, with))
			return &family->pid[at % MEMBERS];
	return NULL;
}

static void enter(int32_t pid)
{
	place = reserved;
	reserved = NULL;
	if (place)
		__atomic_store_n(place, pid, __ATOMIC_SEQ_CST);
	else
		place = occupy(pid);
	if (!place)
		__atomic_add_fetch(&family->uncounted, 1, __ATOMIC_SEQ_CST);
}

int32_t *family_reserve(void)
{
	family_begin();
	if (!family || reserved)
		return NULL;
	reserved = occupy(-(int32_t)sys(SYS_gettid));
	return reserved;
}

/* The child may have entered already, or left again. */
void family_begun(int32_t *at, int32_t pid)
{
	if (!at)
		return;
	reserved = NULL;
	replace(at, -(int32_t)sys(SYS_gettid), pid > 0 ? pid : 0);
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

/* Adds as many as there is room for, and how many there are besides. */
static void add_open(struct text *text)
{
	int32_t more = family->uncounted, pid;
	uint32_t i, n = 0;

	text_add(text, ",\"open\":[");
	for (i = 0; i < MEMBERS; i++) {
		pid = __atomic_load_n(&family->pid[i], __ATOMIC_SEQ_CST);
		if (pid <= 0)
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
	if (is_fork || is_unknown)
		return;
	was_closed = true;
	if (!family) {
		text_add(text, ",\"open\":[]");
		return;
	}
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

/* A child of fork that executes is no longer a member. What it executes has its
 * own report, which is missed when it is not there. */
void family_executes(const char *path, uint32_t scan, bool is_own)
{
	tell_exec(sys(SYS_getpid), path, scan);
	if (family && is_fork && is_own)
		leave();
}

void family_unscanned(void)
{
	tell(sys(SYS_getpid), ",\"unscanned\":true}\n");
}

void family_copied(void)
{
	tell(sys(SYS_getpid), ",\"open\":true,\"copied\":true}\n");
}

void family_unseen(void)
{
	tell(sys(SYS_getpid), ",\"unseen\":true}\n");
}

void family_failed(bool is_own)
{
	int32_t pid = sys(SYS_getpid);

	tell(pid, ",\"executed\":false}\n");
	if (!is_own)
		return;
	was_closed = false;
	if (!family)
		return;
	if (is_fork)
		enter(pid);
	else
		__atomic_store_n(&family->is_closed, 0, __ATOMIC_SEQ_CST);
}

void family_unwritten(void)
{
	static int32_t told; /* the process that was told last */
	int32_t pid = sys(SYS_getpid);

	if (told == pid)
		return;
	told = pid;
	tell(pid, ",\"unwritten\":true}\n");
}
