/*
 * See range.h. The sets are small, since an allocator maps megabytes at a time.
 * So a plain array is enough.
 */
#include <string.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/lock.h"
#include "base/sys.h"
#include "heap/range.h"

static struct lock lock = LOCK_INIT(LOCK_RANGES);

struct ranges ranges_allocator;
struct ranges ranges_brk;
struct ranges ranges_root;
struct ranges ranges_ended;
struct ranges ranges_no_fork;
struct ranges ranges_wiped;
struct ranges ranges_ours;
struct ranges ranges_shared;

static bool make_room(struct ranges *set)
{
	uint32_t room = set->room ? set->room * 2 : 256;
	struct range *list;

	if (set->n < set->room)
		return true;
	list = arena_map(room * sizeof *list);
	if (!list)
		return false;
	if (set->n)
		memcpy(list, set->list, set->n * sizeof *list);
	arena_unmap(set->list, set->room * sizeof *list);
	set->list = list;
	set->room = room;
	return true;
}

/* Joins the ranges that it touches, so that a growing heap stays one range. */
void ranges_add(struct ranges *set, uintptr_t low, uintptr_t high)
{
	uint32_t i;

	if (low >= high)
		return;
	lock_take(&lock);
	for (i = 0; i < set->n;) {
		struct range r = set->list[i];

		if (r.high < low || r.low > high) {
			i++;
			continue;
		}
		low = r.low < low ? r.low : low;
		high = r.high > high ? r.high : high;
		set->list[i] = set->list[--set->n];
		i = 0;
	}
	if (make_room(set))
		set->list[set->n++] = (struct range){low, high};
	lock_drop(&lock);
}

void ranges_remove(struct ranges *set, uintptr_t low, uintptr_t high)
{
	uint32_t i;

	if (!set->n || low >= high)
		return;
	lock_take(&lock);
	for (i = 0; i < set->n;) {
		struct range r = set->list[i];

		if (r.high <= low || r.low >= high) {
			i++;
			continue;
		}
		set->list[i] = set->list[--set->n];
		if (r.low < low && make_room(set))
			set->list[set->n++] = (struct range){r.low, low};
		if (r.high > high && make_room(set))
			set->list[set->n++] = (struct range){high, r.high};
	}
	lock_drop(&lock);
}

bool ranges_hold(const struct ranges *set, uintptr_t low, uintptr_t high)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		if (set->list[i].low <= low && set->list[i].high >= high)
			return true;
	return false;
}

static void advise(const struct ranges *set, int advice)
{
	uint32_t i;

	for (i = 0; i < set->n; i++)
		sys(SYS_madvise, set->list[i].low,
		    set->list[i].high - set->list[i].low, advice);
}

/* node needs this: V8 keeps its pages from children, and they alone hold what
 * is known of each page. */
void ranges_show(bool shown)
{
	advise(&ranges_no_fork, shown ? MADV_DOFORK : MADV_DONTFORK);
	advise(&ranges_wiped, shown ? MADV_KEEPONFORK : MADV_WIPEONFORK);
}

void ranges_fork_prepare(void)
{
	lock_take(&lock);
}

void ranges_fork_done(void)
{
	lock_drop(&lock);
}

void ranges_forked(void)
{
	ranges_no_fork.n = 0;
}
