/*
 * See late.h. The program's side is told two kinds of memory: what a child does
 * not have (MADV_DONTFORK, MADV_WIPEONFORK, told to the kernel past our hooks),
 * and what changes while the child reads (memory shared with others). Another
 * scan then has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/fd.h"
#include "base/large.h"
#include "base/pages.h"
#include "base/sys.h"
#include "base/text.h"
#include "heap/range.h"
#include "process/pid.h"
#include "process/stop.h"
#include "scan/blocks.h"
#include "scan/fault.h"
#include "scan/freed.h"
#include "scan/freeze.h"
#include "scan/late.h"
#include "scan/learn.h"
#include "scan/maps.h"
#include "scan/proven.h"
#include "scan/read.h"
#include "scan/root.h"
#include "scan/settle.h"
#include "scan/smaps.h"

/* How much is read from the disk: more when the program waits for the scan or
 * is about to end, little when it does not know of the scan. */
#define DISK_AWAITED (256ull << 20)
#define DISK_ASIDE (4ull << 20)
#define PAGE 4096ul
#define SWAP_LOOKS 50
/* In so many scans that nobody asked for, look for memory that only the program
 * has: it is set up early. */
#define ABSENT_LOOKS 4

static struct {
	struct late_shared *shared;
	struct maps *maps;
	bool awaited, again;
	bool unsure;
	bool hidden;   /* memory that may hold blocks could not be had */
	bool unfrozen; /* some shared memory went on changing */
	bool tells;    /* tells of blocks freed past us, for the first time */
	bool others;   /* some of what is unreached was reached before */
} late;

/* Makes a mapping readable; whether that worked. EACCES: the program itself
 * never can, either. */
static bool open_map(const struct map *map)
{
	long err = 0;

	if (!map->read)
		err = sys(SYS_mprotect, map->low, map->high - map->low,
			  PROT_READ);
	late.hidden |= err && err != -EACCES;
	return !err;
}

static bool has_block(const struct map *map)
{
	uintptr_t next = blocks_from(map->low);

	return (next != BLOCK_NONE && next < map->high) ||
	       blocks_find(map->low) != BLOCK_NONE;
}

static bool open_or_skip(const struct map *map)
{
	return open_map(map) || fault_skip(map->low, map->high);
}

int late_begin(struct late_shared *shared, struct maps *maps, bool awaited,
	       bool again)
{
	uint32_t i;

	late.shared = shared;
	late.awaited = awaited;
	late.again = again;
	late.maps = maps;
	for (i = 0; i < maps->n; i++)
		if (!maps->list[i].read && maps->list[i].late != MAP_NO_ROOT &&
		    has_block(&maps->list[i]) && !open_or_skip(&maps->list[i]))
			return -ENOMEM;
	return 0;
}

/* Whether it is the library's own mapping. */
static bool is_librarys(uintptr_t at)
{
	uintptr_t low, high;
	unsigned i;

	for (i = 0; pages_range(i, &low, &high); i++)
		if (at >= low && at < high)
			return true;
	return ranges_hold(&ranges_ours, at, at + 1);
}

/* Tells the program's side, so that the next scan may have it. What was told
 * before cannot be had. */
static void learn(const struct map *map, enum lesson_kind kind)
{
	struct learned *learned = &late.shared->learned;

	late.unsure = true;
	if (ranges_hold(learn_ranges[kind], map->low, map->high))
		late.hidden |= kind != LESSON_SHARED;
	else if (learned->n < LEARNED)
		learned->list[learned->n++] =
			(struct lesson){map->low, map->high, kind};
}

static uint64_t in_core(const struct map *map)
{
	static unsigned char page[8192] LARGE;
	uint64_t found = 0;
	uintptr_t at;

	for (at = map->low; at < map->high; at += sizeof page * PAGE) {
		uintptr_t left = (map->high - at) / PAGE, i;

		left = left < sizeof page ? left : sizeof page;
		if (sys(SYS_mincore, at, left * PAGE, page))
			break;
		for (i = 0; i < left; i++)
			found += page[i] & 1;
	}
	return found;
}

/* Reads in what is swapped out. Touching each page would make pages that never
 * existed. */
static void swap_in(const struct map *map)
{
	uint64_t before = in_core(map), now = before, last;
	int i;

	sys(SYS_madvise, map->low, map->high - map->low, MADV_WILLNEED);
	for (i = 0; i < SWAP_LOOKS; i++) {
		sys_pause_us(1000);
		last = now;
		now = in_core(map);
		if (now > before && now == last)
			break;
	}
	late.unsure = true; /* nothing tells whether that was all */
}

static int add_map(struct roots *out, const struct map *map, enum map_kind kind,
		   enum root_how how)
{
	uint32_t at = 0;

	root_add_map(out, map, kind, how, &at);
	return root_failed();
}

static int add_shared(struct roots *out, const struct map *map,
		      enum map_kind kind)
{
	bool is_large = map->high - map->low >= READ_LARGE;

	if (is_large && map->memory && map->rare & MAP_SWAPPED)
		swap_in(map);
	else if (is_large && !map->memory)
		return add_map(out, map, kind, ROOT_REST);
	else if (map->kind != MAP_NO_ROOT)
		return 0; /* read before */
	return add_map(out, map, kind, ROOT_SHARED);
}

static int add_hidden(struct roots *out, const struct map *map)
{
	int err;

	if (!map->shared) {
		if (!(map->rare & MAP_OWN))
			return 0;
		if (!open_map(map))
			return 0;
		return add_map(out, map, map->late,
			       map->file ? ROOT_OWN : ROOT_PRIVATE);
	}
	if ((!map->memory && !(map->rare & MAP_MAY_WRITE)) || !open_map(map))
		return 0;
	err = add_map(out, map, map->late, ROOT_SHARED);
	return err ? err : add_shared(out, map, map->late);
}

/* Files on a disk are large and seldom hold pointers. But some do. */
static void look_for_changes(const struct map *map)
{
	uint32_t state = late.shared->freeze;

	if (!map->shared || !map->write || is_librarys(map->low))
		return;
	if (!ranges_hold(&ranges_shared, map->low, map->high))
		learn(map, LESSON_SHARED);
	late.unfrozen |= state != FREEZE_DONE;
}

static int look_at(struct roots *out, const struct map *map)
{
	if (map->late != MAP_NO_ROOT)
		return add_hidden(out, map);
	if (map->kind == MAP_NO_ROOT)
		return 0;
	if (map->rare & MAP_WIPED && !map->shared && !is_librarys(map->low))
		learn(map, LESSON_WIPED);
	look_for_changes(map);
	return map->shared ? add_shared(out, map, map->kind) : 0;
}

static long open_parents(const char *name)
{
	char path[64];
	struct text text = {path, sizeof path, 0};

	if (!pid_has_program())
		return -ESRCH;
	text_number(&text, pid_own());
	text_add(&text, name);
	return fd_open_proc(path, O_RDONLY);
}

static int read_parents(struct maps *maps)
{
	long fd = open_parents("/maps");
	int err;

	if (sys_failed(fd))
		return fd;
	err = maps_read_from(fd, maps);
	sys(SYS_close, fd);
	return err;
}

/* The child's own memory may be where the program has something else. */
static bool is_ours(uintptr_t at)
{
	uintptr_t low, high;
	unsigned i;

	for (i = arena_own(); pages_range(i, &low, &high); i++)
		if (at >= low && at < high)
			return true;
	return false;
}

/* Whether a child lacks it: most of what the program has more was mapped
 * since. */
static bool is_absent(const struct map *map)
{
	return map->kind != MAP_NO_ROOT && !map->shared &&
	       (!maps_find(late.maps, map->low) || is_ours(map->low));
}

static void look_for_absent(void)
{
	struct learned *learned = &late.shared->learned;
	struct maps parents;
	bool any = false;
	uint32_t i;
	long fd;

	if (!late.awaited && learned->looks++ >= ABSENT_LOOKS)
		return;
	if (read_parents(&parents))
		return;
	for (i = 0; i < parents.n && !any; i++)
		any = is_absent(&parents.list[i]);
	fd = any ? open_parents("/smaps") : -1;
	if (sys_failed(fd))
		return;
	if (!smaps_read_rare(fd, &parents))
		for (i = 0; i < parents.n; i++)
			if (is_absent(&parents.list[i]) &&
			    parents.list[i].rare & MAP_ABSENT)
				learn(&parents.list[i], LESSON_ABSENT);
	sys(SYS_close, fd);
}

/* Without smaps, assume the worst: private memory may be the process' own, and
 * shared memory may have been written. */
static void suppose(void)
{
	uint32_t i;

	for (i = 0; i < late.maps->n; i++)
		late.maps->list[i].rare |= late.maps->list[i].shared
						   ? MAP_MAY_WRITE
						   : MAP_PRESENT | MAP_OWN;
}

int late_find(struct roots *out)
{
	long fd = fd_open_proc("self/smaps", O_RDONLY);
	uint32_t i;
	int err = 0;

	read_disk_limit(late.awaited ? DISK_AWAITED : DISK_ASIDE);
	if (sys_failed(fd) || smaps_read_rare(fd, late.maps))
		suppose();
	if (!sys_failed(fd))
		sys(SYS_close, fd);
	for (i = 0; i < late.maps->n && !err; i++)
		err = look_at(out, &late.maps->list[i]);
	look_for_absent();
	return err;
}

/* Some of these blocks may have been allocated again past us. */
static void note_freed(void)
{
	late.unsure = true;
	late.tells = !late.shared->told_freed;
}

bool late_tells_freed(void)
{
	bool tells = late.tells;

	late.tells = false;
	late.shared->told_freed |= tells;
	return tells;
}

bool late_tells_hidden(void)
{
	bool tells = late.hidden && !late.shared->told_hidden;

	late.shared->told_hidden |= tells;
	return tells;
}

void late_settle(void)
{
	struct late_shared *shared = late.shared;

	if (freed_mark(late.maps))
		note_freed();
	if (late.unfrozen) {
		late.unsure = true;
		late.others = !settle(&shared->unsettled);
		shared->unripe += late.others;
	}
	if (stop_missing() || late.hidden)
		proven_doubt(&shared->proven);
	else if (!late_is_unsure() && !shared->unsure)
		proven_note(&shared->proven);
}

bool late_doubts(void)
{
	return late.unfrozen || stop_missing() || late.hidden ||
	       late_is_unsure() || late.shared->unsure;
}

bool late_is_void(void)
{
	return late.again &&
	       (late.shared->learned.n || (late.others && late.awaited));
}

bool late_is_unsure(void)
{
	return late.unsure || read_disk_unread();
}
