/* See shared.h. */
#include <sys/mman.h>
#include "base/sys.h"
#include "heap/range.h"
#include "report/file.h"
#include "snapshot/shared.h"

static struct shared *shared;

struct shared *shared_memory(void)
{
	return __atomic_load_n(&shared, __ATOMIC_ACQUIRE);
}

/* When two threads do this at once, one gives its own back. */
int shared_init(void)
{
	struct shared *none = NULL, *made;
	long p;

	if (shared_memory())
		return 0;
	p = sys(SYS_mmap, 0, sizeof *made, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sys_failed(p))
		return p;
	made = (struct shared *)p;
	ranges_add(&ranges_ours, p, p + sizeof *made);
	if (__atomic_compare_exchange_n(&shared, &none, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		file_share(&made->file);
		return 0;
	}
	ranges_remove(&ranges_ours, p, p + sizeof *made);
	sys(SYS_munmap, p, sizeof *made);
	return 0;
}

void shared_stop(void)
{
	uintptr_t low = (uintptr_t)shared;

	if (!shared)
		return;
	file_share(NULL);
	ranges_remove(&ranges_ours, low, low + sizeof *shared);
	sys(SYS_munmap, low, sizeof *shared);
	shared = NULL;
}
