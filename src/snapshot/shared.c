/* See shared.h. */
#include <sys/mman.h>
#include "base/sys.h"
#include "heap/range.h"
#include "report/file.h"
#include "snapshot/shared.h"

static struct shared *shared;

struct shared *shared_memory(void)
{
	return shared;
}

int shared_init(void)
{
	long p = sys(SYS_mmap, 0, sizeof *shared, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sys_failed(p))
		return p;
	shared = (struct shared *)p;
	ranges_add(&ranges_ours, p, p + sizeof *shared);
	file_share(&shared->file);
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
