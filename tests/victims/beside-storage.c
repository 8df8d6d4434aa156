/* What the program maps beside the storage of the first thread's variables is
 * one mapping with it to Linux, and no variable: a pointer into a block there
 * does not hold it for certain. */
#include <pthread.h>
#include <sys/mman.h>
#include "victim.h"

#define PAGE 4096ul

/* Where the mapping begins that holds this address. */
static uintptr_t low_of(uintptr_t address)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	uintptr_t low, high, found = 0;

	while (maps && fgets(line, sizeof line, maps))
		if (sscanf(line, "%lx-%lx", &low, &high) == 2 &&
		    address >= low && address < high)
			found = low;
	fclose(maps);
	return found;
}

static NOINLINE void lose(void)
{
	uintptr_t at = low_of((uintptr_t)pthread_self()) - PAGE;
	char **page =
		mmap((void *)at, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (page == MAP_FAILED) /* there is something else */
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[100] = (char *)MALLOC(72) + 30;
}

int main(void)
{
	say("expect lost bytes=72 confidence=suspect function=lose");
	away(lose);
	return 0;
}
