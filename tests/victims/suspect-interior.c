/* A block that only an interior word of a foreign mapping points at is a
 * suspect, no leak; one that its first byte's address there holds is live. */
#include <sys/mman.h>
#include "victim.h"

#define SIZE (64 << 10)

static NOINLINE void make(void)
{
	/* Pages around it keep the kernel from joining it to variables. */
	char *all = mmap(NULL, 3 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	char **words = (char **)(all + SIZE);

	if (all == MAP_FAILED || mprotect(words, SIZE, PROT_READ | PROT_WRITE))
		_exit(99);
	words[0] = MALLOC(100);
	words[1] = (char *)MALLOC(200) + 88;
}

int main(void)
{
	say("expect lost count=1 bytes=200 confidence=suspect");
	say("total findings=0 lost=0 bytes=0");
	away(make);
	return 0;
}
