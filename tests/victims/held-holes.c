/* Unreadable pages inside a block and inside the data: what lies on either
 * side of them is read. */
#include <sys/mman.h>
#include "victim.h"

#define PAGE 4096u
#define WORDS (PAGE / sizeof(void *))

static void *data[3 * WORDS] __attribute__((aligned(4096))) = {&data};
static void **volatile block;

static NOINLINE void fill(void **pages)
{
	pages[0] = MALLOC(100);
	pages[WORDS - 1] = MALLOC(200);
	pages[2 * WORDS] = MALLOC(300);
	pages[3 * WORDS - 1] = MALLOC(400);
	if (mprotect(pages + WORDS, PAGE, PROT_NONE))
		_exit(99);
}

static NOINLINE void make(void)
{
	block = need(aligned_alloc(PAGE, 3 * PAGE));
	memset(block, 0, 3 * PAGE);
	fill(block);
	fill(data);
	MALLOC(500);
}

int main(void)
{
	say("expect lost count=1 bytes=500");
	away(make);
	return 0;
}
