/* A program that has given up its rights may not read its own pagemap; still
 * nobody walks through a reservation of a terabyte. */
#include <sys/mman.h>
#include "victim.h"

static void **held;

int main(void)
{
	if (getuid())
		return needs_root();
	say("expect nothing");
	held = mmap(NULL, 1ul << 40, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (held == MAP_FAILED)
		return cannot("reserve a terabyte");
	held[1ul << 36] = MALLOC(100);
	if (setgid(65534) || setuid(65534))
		return cannot("become another user");
	return 0;
}
