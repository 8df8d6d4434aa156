/* A block that only an interior word of a foreign mapping points at is a
 * suspect, no leak; one that its first byte's address there holds is live. */
#include <sys/mman.h>
#include "victim.h"

static NOINLINE void make(void)
{
	char **words = mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (words == MAP_FAILED)
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
