/* Blocks held by memory that the program keeps from its children, told to the
 * kernel through syscall() or past libc. */
#include <sys/mman.h>
#include <sys/syscall.h>
#include "victim.h"

#define SIZE (64u << 10)

static NOINLINE void advise(char *p, int advice)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(SYS_madvise), "D"(p), "S"(SIZE), "d"(advice)
			 : "rcx", "r11", "memory");
	if (ret)
		_exit(77);
}

static NOINLINE char *map(size_t bytes)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(99);
	/* no neighbour: each is a mapping of its own */
	if (mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	    MAP_FAILED)
		_exit(99);
	*(void **)(p + 4096) = MALLOC(bytes);
	return p;
}

static NOINLINE void make(void)
{
	advise(map(100), MADV_DONTFORK);
	advise(map(200), MADV_WIPEONFORK);
	if (syscall(SYS_madvise, map(300), SIZE, MADV_DONTFORK) ||
	    syscall(SYS_madvise, map(400), SIZE, MADV_WIPEONFORK))
		_exit(77);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
