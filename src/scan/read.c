/*
 * Reads ranges of the frozen memory. What cannot be read (PROT_NONE inside a
 * block, a file that has shrunk) reads as zeros (fault.h), in this copy of the
 * program alone. Of large ranges only
 * pages that exist are read, so that a reservation of terabytes costs nothing.
 * What is sealed cannot be replaced: that is skipped.
 *
 * Snapshot child only, one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include "base/fd.h"
#include "base/large.h"
#include "base/sys.h"
#include "heap/range.h"
#include "scan/blocks.h"
#include "scan/fault.h"
#include "scan/read.h"
#include "scan/root.h"

#define PAGE 4096ul
#define RESERVATION (4ul << 30)
#define REGIONS 512
#define ENTRIES 8192 /* of /proc/self/pagemap, read at once */

static unsigned step = 8;

/* linux/fs.h, since Linux 6.7 */
struct page_region {
	uint64_t start, end, categories;
};
struct pm_scan {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t inverted, mask, anyof, returned;
};
#define PM_SCAN _IOWR('f', 16, struct pm_scan)
#define PAGE_OF_FILE (1u << 2)
#define PAGE_EXISTS (1u << 3 | 1u << 4) /* present or swapped */
#define ENTRY_OF_FILE (1ull << 61)	/* of /proc/self/pagemap */

static int pagemap(void)
{
	static long fd = -1;

	if (fd < 0)
		fd = fd_open_proc("self/pagemap", O_RDONLY);
	return fd;
}

static int run_by_scan(uintptr_t low, uintptr_t high, bool own,
		       read_run_fn *run, void *data)
{
	static struct page_region region[REGIONS] LARGE;
	uintptr_t from = low & ~(PAGE - 1), to = (high + PAGE - 1) & -PAGE;

	while (from < to) {
		struct pm_scan s = {
			.size = sizeof s,
			.start = from,
			.end = to,
			.vec = (uintptr_t)region,
			.vec_len = REGIONS,
			.inverted = own ? PAGE_OF_FILE : 0,
			.mask = own ? PAGE_OF_FILE : 0,
			.anyof = PAGE_EXISTS,
			.returned = PAGE_EXISTS,
		};
		long n = sys(SYS_ioctl, pagemap(), PM_SCAN, &s), i;

		if (n < 0)
			return n;
		for (i = 0; i < n; i++)
			fault_run(region[i].start > low ? region[i].start : low,
				  region[i].end < high ? region[i].end : high,
				  run, data);
		if (s.walk_end <= from)
			break;
		from = s.walk_end;
	}
	return 0;
}

static bool is_there(uint64_t entry, bool own)
{
	return entry >> 62 /* present or swapped */ &&
	       !(own && entry & ENTRY_OF_FILE);
}

static int run_by_pagemap(uintptr_t low, uintptr_t high, bool own,
			  read_run_fn *run, void *data)
{
	static uint64_t entry[ENTRIES] LARGE;
	uintptr_t page = low / PAGE, end = (high + PAGE - 1) / PAGE;

	while (page < end) {
		uint64_t want = end - page < ENTRIES ? end - page : ENTRIES;
		long n = sys(SYS_pread64, pagemap(), entry, want * 8, page * 8),
		     i;

		if (n <= 0)
			return n ? n : -EIO;
		for (i = 0; i < n / 8; i++) {
			uintptr_t at = (page + i) * PAGE;

			if (is_there(entry[i], own))
				fault_run(at > low ? at : low,
					  at + PAGE < high ? at + PAGE : high,
					  run, data);
		}
		page += n / 8;
	}
	return 0;
}

static uint64_t disk_left, disk_unread;

void read_disk_limit(uint64_t bytes)
{
	disk_left = bytes;
}

uint64_t read_disk_unread(void)
{
	return disk_unread;
}

/* Reads what the kernel has to read from the disk. */
static void run_absent(uintptr_t low, uintptr_t high, read_run_fn *run,
		       void *data)
{
	if (disk_left < PAGE) {
		disk_unread += PAGE;
		return;
	}
	disk_left -= PAGE;
	fault_run(low, high, run, data);
}

/* Shared memory has no page table entries in the child before it is read.
 * mincore tells which pages are in memory. */
static void run_shared(uintptr_t low, uintptr_t high, bool rest,
		       read_run_fn *run, void *data)
{
	static unsigned char in_core[ENTRIES] LARGE;
	uintptr_t at = low & ~(PAGE - 1), i;

	while (at < high) {
		uintptr_t n = (high - at + PAGE - 1) / PAGE;

		n = n < ENTRIES ? n : ENTRIES;
		if (sys(SYS_mincore, at, n * PAGE, in_core))
			return;
		for (i = 0; i < n; i++) {
			uintptr_t page = at + i * PAGE, end = page + PAGE;

			page = page > low ? page : low;
			end = end < high ? end : high;
			if (rest && !(in_core[i] & 1))
				run_absent(page, end, run, data);
			else if (!rest && in_core[i] & 1)
				fault_run(page, end, run, data);
		}
		at += n * PAGE;
	}
}

/* Nothing tells what exists: a process that has changed its user may not read
 * its pagemap. A reservation of terabytes would be touched page by page. So
 * what the kernel does not have in memory is passed over there. */
static void run_unknown(uintptr_t low, uintptr_t high, read_run_fn *run,
			void *data)
{
	if (high - low < RESERVATION)
		fault_run(low, high, run, data);
	else
		run_shared(low, high, false, run, data);
}

static void run_private(uintptr_t low, uintptr_t high, bool own,
			read_run_fn *run, void *data)
{
	if (run_by_scan(low, high, own, run, data) &&
	    run_by_pagemap(low, high, own, run, data))
		run_unknown(low, high, run, data);
}

static void run_all(uintptr_t low, uintptr_t high, enum root_how how,
		    read_run_fn *run, void *data)
{
	if (how == ROOT_OWN)
		run_private(low, high, true, run, data);
	else if (how == ROOT_REST)
		run_shared(low, high, true, run, data);
	else if (high - low < READ_LARGE)
		fault_run(low, high, run, data);
	else if (how == ROOT_SHARED)
		run_shared(low, high, false, run, data);
	else
		run_private(low, high, false, run, data);
}

void read_runs(uintptr_t low, uintptr_t high, enum root_how how,
	       read_run_fn *run, void *data)
{
	const struct range *skip;

	while ((skip = fault_skipped(low)) && skip->low < high) {
		if (low < skip->low)
			run_all(low, skip->low, how, run, data);
		low = skip->high;
	}
	if (low < high)
		run_all(low, high, how, run, data);
}

unsigned read_step(void)
{
	return step;
}

void read_every_byte(bool every)
{
	step = every ? 1 : 8;
}

struct words {
	read_visit_fn *visit;
	void *data;
};

static void visit_words(uintptr_t low, uintptr_t high, void *data)
{
	struct words *words = data;

	low = (low + step - 1) & -(uintptr_t)step;
	for (; low + 8 <= high; low += step) {
		uintptr_t word = read_word(low);

		if (word - PAGE < FAULT_ADDRESSES - PAGE)
			words->visit(low, word, words->data);
	}
}

void read_range(uintptr_t low, uintptr_t high, enum root_how how,
		read_visit_fn *visit, void *data)
{
	struct words words = {visit, data};

	read_runs(low, high, how, visit_words, &words);
}

void read_root(const struct root *root, read_run_fn *run, void *data)
{
	uintptr_t at = root->low, block;

	if (root->explicit) {
		read_runs(at, root->high, root->how, run, data);
		return;
	}
	block = blocks_find(at);
	if (block)
		at = block + blocks_size(block);
	for (block = blocks_from(at); at < root->high;) {
		uintptr_t end =
			block && block < root->high ? block : root->high;

		if (at < end)
			read_runs(at, end, root->how, run, data);
		if (end == root->high)
			break;
		if (at < block + blocks_size(block))
			at = block + blocks_size(block);
		block = blocks_from(block + 1);
	}
}

void read_block_runs(uintptr_t block, read_run_fn *run, void *data)
{
	uintptr_t at = block, end = block + blocks_size(block), inner;

	if (blocks_is_outer(block)) {
		for (inner = blocks_from(block + 1); inner && inner < end;
		     inner = blocks_from(inner + 1)) {
			if (at < inner)
				read_runs(at, inner, 0, run, data);
			if (at < inner + blocks_size(inner))
				at = inner + blocks_size(inner);
		}
	}
	if (at < end)
		read_runs(at, end, 0, run, data);
}

static void visit_each(uintptr_t low, uintptr_t high, void *data)
{
	const struct words *words = data;

	read_range(low, high, 0, words->visit, words->data);
}

void read_block(uintptr_t block, read_visit_fn *visit, void *data)
{
	struct words words = {visit, data};

	read_block_runs(block, visit_each, &words);
}
