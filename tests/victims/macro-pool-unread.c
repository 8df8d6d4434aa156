/* Blocks of a pool in memory that cannot be read are lost all the same, and
 * hold nothing: that of a file that has shrunk, private (KIND=0) or shared (1),
 * that has no access (2), that has guards (3), also when it is sealed (4).
 * Sealed without access (5) it cannot be read by any means: what is lost is in
 * doubt. */
#include <sys/mman.h>
#include <sys/syscall.h>
#include "macro.h"

#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#define PAGE 4096ul
#define SIZE (4 * PAGE)

static void *map_file(int how)
{
	int fd = memfd_create("pool", 0);
	void *at;

	if (fd < 0 || ftruncate(fd, SIZE))
		_exit(99);
	at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, how, fd, 0);
	if (ftruncate(fd, 0))
		_exit(99);
	close(fd);
	return at;
}

static void *map(void)
{
	if (KIND < 2)
		return map_file(KIND ? MAP_SHARED : MAP_PRIVATE);
	return mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void hide(char *at)
{
	if ((KIND == 2 || KIND == 5) && mprotect(at, SIZE, PROT_NONE))
		_exit(99);
	if ((KIND == 3 || KIND == 4) && madvise(at, SIZE, MADV_GUARD_INSTALL))
		_exit(77); /* before Linux 6.13 */
	if (KIND >= 4 && syscall(SYS_mseal, at, SIZE, 0))
		_exit(77); /* before Linux 6.10 */
}

static NOINLINE void lose(void)
{
	static char pool;
	char *at = map();

	if (at == MAP_FAILED)
		_exit(99);
	GORDIAN_POOL_ALLOC(&pool, at + PAGE - 56, 56);
	GORDIAN_POOL_ALLOC(&pool, at + PAGE, 400);
	GORDIAN_POOL_ALLOC(&pool, at + 2 * PAGE + 8, 24);
	hide(at);
}

int main(void)
{
	const char *how = KIND == 5 ? " confidence=suspect" : "";

	say("expect lost count=1 bytes=56 function=lose%s", how);
	say("expect lost count=1 bytes=400 function=lose%s", how);
	say("expect lost count=1 bytes=24 function=lose%s", how);
	say(KIND == 5 ? "warning is missing: memory that may hold blocks"
		      : "warning none");
	away(lose);
	return 0;
}
