/* Memory that the kernel may drop at any time holds nothing, though a child
 * finds zeros there: no finding is in doubt for it. glibc's getrandom has one.
 */
#include <sys/mman.h>
#include "victim.h"

#ifndef MAP_DROPPABLE /* Linux 6.11 */
#define MAP_DROPPABLE 8
#endif

static NOINLINE void make(void)
{
	void **a = CALLOC(32), **b = CALLOC(48);

	a[1] = b;
	b[2] = a;
}

int main(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_ANONYMOUS | MAP_DROPPABLE, -1, 0);

	if (page == MAP_FAILED)
		return 77;
	*page = 1;
	say("expect cycle count=1 members=2 sizes=32,48 confidence=certain");
	say("warning none");
	away(make);
	return 0;
}
