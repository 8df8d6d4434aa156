/*
 * Reading ranges of the frozen memory word by word. Pages that cannot be read
 * (PROT_NONE inside a block, a file that has shrunk) are skipped: the fault's
 * handler jumps back to the reader. Of large ranges only those pages are read
 * that exist, so that a reservation of terabytes costs nothing.
 *
 * Snapshot child only, one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include "fd.h"
#include "real.h"
#include "scan.h"
#include "sys.h"

#define PAGE 4096ul
#define LARGE (256ul << 10) /* from here on it pays to ask what exists */
#define RESERVATION (4ul << 30)
#define REGIONS 512
#define ENTRIES 8192 /* of /proc/self/pagemap, read at once */

static void *landing[5];
static uintptr_t fault;
static volatile bool reading;
static unsigned step = 8;

struct any_place {
	uintptr_t word;
} __attribute__((packed));

static void handle(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	if (!reading)
		sys(SYS_exit_group, 99);
	reading = false;
	fault = (uintptr_t)info->si_addr;
	__builtin_longjmp(landing, 1);
}

void scan_survive(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER};

	action.sa_sigaction = handle;
	sigemptyset(&action.sa_mask);
	real.sigaction(SIGSEGV, &action, NULL);
	real.sigaction(SIGBUS, &action, NULL);
}

/* One run of words, up to the first that cannot be read; where to go on. */
static __attribute__((noinline)) uintptr_t
read_run(uintptr_t low, uintptr_t high, scan_visit_fn *visit, void *data)
{
	if (__builtin_setjmp(landing))
		return (fault & ~(PAGE - 1)) + PAGE;
	reading = true;
	for (; low + 8 <= high; low += step) {
		uintptr_t word = ((const volatile struct any_place *)low)->word;

		if (word - 4096 < (1ul << 47) - 4096)
			visit(low, word, data);
	}
	reading = false;
	return high;
}

static void read_words(uintptr_t low, uintptr_t high, scan_visit_fn *visit,
		       void *data)
{
	uintptr_t next;

	low = (low + step - 1) & -(uintptr_t)step;
	while (low < high) {
		next = read_run(low, high, visit, data);
		if (next <= low) /* a fault that is not ours to skip */
			return;
		low = next;
	}
}

/* linux/fs.h, since Linux 6.7 */
struct page_region {
	uint64_t start, end, categories;
};
struct pm_scan {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t inverted, mask, anyof, returned;
};
#define PM_SCAN _IOWR('f', 16, struct pm_scan)
#define PAGE_EXISTS (1u << 3 | 1u << 4) /* present or swapped */

static int pagemap(void)
{
	static long fd = -1;

	if (fd < 0)
		fd = fd_open_proc("self/pagemap", O_RDONLY);
	return fd;
}

static int read_by_scan(uintptr_t low, uintptr_t high, scan_visit_fn *visit,
			void *data)
{
	static struct page_region region[REGIONS];
	uintptr_t from = low & ~(PAGE - 1), to = (high + PAGE - 1) & -PAGE;

	while (from < to) {
		struct pm_scan s = {
			.size = sizeof s,
			.start = from,
			.end = to,
			.vec = (uintptr_t)region,
			.vec_len = REGIONS,
			.anyof = PAGE_EXISTS,
			.returned = PAGE_EXISTS,
		};
		long n = sys(SYS_ioctl, pagemap(), 0xc0606610, &s), i;

		if (n < 0)
			return n;
		for (i = 0; i < n; i++)
			read_words(region[i].start > low ? region[i].start
							 : low,
				   region[i].end < high ? region[i].end : high,
				   visit, data);
		if (s.walk_end <= from)
			break;
		from = s.walk_end;
	}
	return 0;
}

static int read_by_pagemap(uintptr_t low, uintptr_t high, scan_visit_fn *visit,
			   void *data)
{
	static uint64_t entry[ENTRIES];
	uintptr_t page = low / PAGE, end = (high + PAGE - 1) / PAGE;

	while (page < end) {
		uint64_t want = end - page < ENTRIES ? end - page : ENTRIES;
		long n = sys(SYS_pread64, pagemap(), entry, want * 8, page * 8),
		     i;

		if (n <= 0)
			return n ? n : -EIO;
		for (i = 0; i < n / 8; i++) {
			uintptr_t at = (page + i) * PAGE;

			if (entry[i] >> 62) /* present or swapped */
				read_words(at > low ? at : low,
					   at + PAGE < high ? at + PAGE : high,
					   visit, data);
		}
		page += n / 8;
	}
	return 0;
}

/* What is shared has no page table entries in the child before it is read;
 * whether a page exists mincore tells. */
static void read_shared(uintptr_t low, uintptr_t high, scan_visit_fn *visit,
			void *data)
{
	static unsigned char in_core[ENTRIES];
	uintptr_t at = low & ~(PAGE - 1), i;

	while (at < high) {
		uintptr_t n = (high - at + PAGE - 1) / PAGE;

		n = n < ENTRIES ? n : ENTRIES;
		if (sys(SYS_mincore, at, n * PAGE, in_core))
			return;
		for (i = 0; i < n; i++)
			if (in_core[i] & 1)
				read_words(at + i * PAGE > low ? at + i * PAGE
							       : low,
					   at + (i + 1) * PAGE < high
						   ? at + (i + 1) * PAGE
						   : high,
					   visit, data);
		at += n * PAGE;
	}
}

/* Nobody tells what exists (a process that has changed its user may not read
 * its pagemap). A reservation of terabytes would be touched page by page, so
 * what the kernel does not have in memory is passed over there. */
static void read_unknown(uintptr_t low, uintptr_t high, scan_visit_fn *visit,
			 void *data)
{
	if (high - low < RESERVATION)
		read_words(low, high, visit, data);
	else
		read_shared(low, high, visit, data);
}

void scan_every_byte(bool every)
{
	step = every ? 1 : 8;
}

void scan_range(uintptr_t low, uintptr_t high, int shared, scan_visit_fn *visit,
		void *data)
{
	if (high - low < LARGE)
		read_words(low, high, visit, data);
	else if (shared)
		read_shared(low, high, visit, data);
	else if (read_by_scan(low, high, visit, data) &&
		 read_by_pagemap(low, high, visit, data))
		read_unknown(low, high, visit, data);
}
