/* Words that libc has on the stack outside of main hold nothing: of old
 * pointers, one half of which is an int by now, some lead to where a large
 * block may come to lie. Here a pool's does. */
#include <sys/mman.h>
#include "gordian.h"
#include "victim.h"

#define PAGE 4096ul

static uintptr_t *from, *to; /* the stack between main and its arguments */

static char *map_around(uintptr_t word)
{
	char *at;

	if (word >> 32 < 0x5000 || word >> 47)
		return NULL;
	at = mmap((void *)(word & -PAGE), PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

static NOINLINE void lose(void)
{
	char *page = NULL;

	for (uintptr_t *word = from; word < to && !page; word++)
		page = map_around(*word);
	if (!page)
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	GORDIAN_POOL_ALLOC(page, page, PAGE);
}

int main(int argc, char **argv)
{
	(void)argc;
	say("expect lost count=1 bytes=4096 function=lose");
	from = __builtin_frame_address(0);
	to = (uintptr_t *)argv;
	away(lose);
	return 0;
}
