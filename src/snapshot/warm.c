/*
 * See warm.h. A clone counts one more reference to each page. Half of its time
 * it waits for memory: for the kernel's 64 bytes about each page, at which
 * nobody has looked for long. Reading the process' pagemap makes the kernel
 * look at them while all threads still run. The answer itself is not used. No
 * more is read than caches hold.
 */
#include <fcntl.h>
#include "base/fd.h"
#include "base/sys.h"
#include "heap/heap.h"
#include "process/thread.h"
#include "snapshot/warm.h"

#define MOST (128ul << 20)
#define STEP (1ul << 20)
#define PAGE 4096ul

/* A program of one thread would only wait longer. */
static bool is_alone(void)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid && t != thread_self)
			return false;
	return true;
}

void warm_heap(void)
{
	uint64_t entries[STEP / PAGE];
	uintptr_t at = 0, seen;
	long fd;

	if (is_alone())
		return;
	fd = fd_open_proc("self/pagemap", O_RDONLY | O_CLOEXEC);
	if (sys_failed(fd))
		return;
	for (seen = 0; seen < MOST; seen += STEP) {
		at = heap_next_written(at) & -STEP;
		if (at >> HEAP_ADDRESS_BITS)
			break;
		sys(SYS_pread64, fd, entries, sizeof entries,
		    at / PAGE * sizeof *entries);
		at += STEP;
	}
	sys(SYS_close, fd);
}
