/*
 * See freeze.h. Only pages that are in memory are copied, since touching the
 * others would make them. A fault (a file that has shrunk) concerns the child
 * alone. Raw system calls.
 */
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include "base/large.h"
#include "base/sys.h"
#include "heap/range.h"
#include "scan/fault.h"
#include "scan/freeze.h"

#define PAGE 4096ul
#define PIECES 1024
#define LOOK 4096 /* pages */
/* A copy of 1 MB takes some 0.3 ms. */
#define MOST_ASIDE (4ul << 20)
#define MOST_AWAITED (64ul << 20)
/* Larger ranges are not asked what is in memory. */
#define LARGEST (256ul << 20)
#define WAIT_ASIDE_NS 10000000ll
#define WAIT_AWAITED_NS 200000000ll

static struct piece {
	uintptr_t low, copy;
	size_t size;
} pieces[PIECES] LARGE;
static uint32_t pieces_n;
static size_t left;
static bool partly;

void freeze_begin(uint32_t *state)
{
	*state = ranges_shared.n ? FREEZE_BEGUN : FREEZE_NONE;
}

void freeze_wait(uint32_t *state, bool awaited)
{
	uint64_t end =
		sys_now_ns() + (awaited ? WAIT_AWAITED_NS : WAIT_ASIDE_NS);
	uint32_t begun = FREEZE_BEGUN;
	uint64_t now;

	while (__atomic_load_n(state, __ATOMIC_ACQUIRE) == FREEZE_BEGUN &&
	       (now = sys_now_ns()) < end) {
		int64_t t[2] = {0, end - now};

		sys(SYS_futex, state, FUTEX_WAIT, FREEZE_BEGUN, t);
	}
	__atomic_compare_exchange_n(state, &begun, FREEZE_LATE, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static void copy(uintptr_t low, size_t size)
{
	long to;

	if (pieces_n == PIECES || size > left) {
		partly = true;
		return;
	}
	to = sys(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sys_failed(to)) {
		partly = true;
		return;
	}
	left -= size;
	pieces[pieces_n++] = (struct piece){low, to, size};
	fault_low = low;
	fault_high = low + size;
	memcpy((void *)to, (void *)low, size);
	fault_low = fault_high = 0;
}

/* A range that is no longer mapped gives an error, and is passed over. */
static void copy_pages(uintptr_t low, size_t n)
{
	static unsigned char there[LOOK] LARGE;
	size_t i, k;

	if (sys(SYS_mincore, low, n * PAGE, there))
		return;
	for (i = 0; i < n; i = k) {
		for (k = i; k < n && there[k] & 1; k++)
			;
		if (k > i)
			copy(low + i * PAGE, (k - i) * PAGE);
		else
			k++;
	}
}

static void copy_range(const struct range *range)
{
	uintptr_t at = range->low;

	if (range->high - range->low > LARGEST) {
		partly = true;
		return;
	}
	for (; at < range->high && !partly; at += LOOK * PAGE)
		copy_pages(at, range->high - at < LOOK * PAGE
				       ? (range->high - at) / PAGE
				       : LOOK);
}

static void put_in_place(bool keep)
{
	uint32_t i;

	for (i = 0; i < pieces_n; i++)
		if (!keep || sys_failed(sys(SYS_mremap, pieces[i].copy,
					    pieces[i].size, pieces[i].size,
					    MREMAP_MAYMOVE | MREMAP_FIXED,
					    pieces[i].low)))
			sys(SYS_munmap, pieces[i].copy, pieces[i].size);
}

void freeze(uint32_t *state, bool awaited)
{
	uint32_t i, begun = FREEZE_BEGUN;
	bool kept;

	if (*state != FREEZE_BEGUN)
		return;
	left = awaited ? MOST_AWAITED : MOST_ASIDE;
	for (i = 0; i < ranges_shared.n; i++)
		copy_range(&ranges_shared.list[i]);
	kept = __atomic_compare_exchange_n(
		state, &begun, partly ? FREEZE_PARTLY : FREEZE_DONE, false,
		__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	sys(SYS_futex, state, FUTEX_WAKE, 1);
	put_in_place(kept);
}
