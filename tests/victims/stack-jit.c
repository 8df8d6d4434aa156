/* Code made at run time calls into the program: with a frame pointer the stack
 * is whole, without one what called it may be lost. Then it is unmapped, and
 * other code made in its place. */
#include <sys/mman.h>
#include "victim.h"

static NOINLINE void leak(void)
{
	MALLOC(100);
}

static NOINLINE void leak_more(void)
{
	MALLOC(50);
}

/* push %rbp; mov %rsp, %rbp; sub $32, %rsp; call *%rdi; leave; ret */
static const unsigned char chained[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0x83,
					0xec, 0x20, 0xff, 0xd7, 0xc9, 0xc3};
/* sub $24, %rsp; movq $0, (%rsp); call *%rdi; add $24, %rsp; ret */
static const unsigned char bare[] = {0x48, 0x83, 0xec, 0x18, 0x48, 0xc7, 0x04,
				     0x24, 0,	 0,    0,    0,	   0xff, 0xd7,
				     0x48, 0x83, 0xc4, 0x18, 0xc3};

static NOINLINE void run(const void *code, size_t size, void (*call)(void))
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		_exit(99);
	memcpy(page, code, size);
	if (mprotect(page, 4096, PROT_READ | PROT_EXEC))
		_exit(77);
	((void (*)(void (*)(void)))page)(call);
	munmap(page, 4096);
}

static NOINLINE void make(void)
{
	TIMES(10)
	{
		run(chained, sizeof(chained), leak);
		run(bare, sizeof(bare), leak_more);
	}
}

int main(void)
{
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<*<run<make<away<main");
	say("expect lost count=10 bytes=500 stack=leak_more root=*");
	away(make);
	return 0;
}
