/* What only memory holds that nobody may read or open any more (PROT_NONE, and
 * sealed with mseal) is in doubt, and the report says why. */
#include <sys/mman.h>
#include <sys/syscall.h>
#include "victim.h"

#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#define PAGE 4096ul

static NOINLINE void hold(void)
{
	void **at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		_exit(99);
	at[10] = malloc(60);
	if (mprotect(at, PAGE, PROT_NONE))
		_exit(99);
	if (syscall(SYS_mseal, at, PAGE, 0)) /* before Linux 6.10 */
		_exit(77);
}

static NOINLINE void lose(void)
{
	MALLOC(61);
}

int main(void)
{
	say("expect lost count=1 bytes=60 function=hold confidence=suspect");
	say("expect lost count=1 bytes=61 function=lose confidence=suspect");
	say("warning is missing: memory that may hold blocks");
	away(hold);
	away(lose);
	return 0;
}
