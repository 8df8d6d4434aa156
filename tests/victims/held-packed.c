/* Blocks held by words that lie at no multiple of 8, as in packed structures:
 * in variables, in a block, in a mapping, and one that holds the next so. */
#include <sys/epoll.h>
#include <sys/mman.h>
#include "victim.h"

struct odd {
	char tag;
	void *to;
	char more[8];
} __attribute__((packed));

struct epoll_event events[4];
static struct odd *volatile odds;

static NOINLINE struct odd *mapped(void)
{
	void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

static NOINLINE void make(void)
{
	struct odd *chain;

	for (int i = 0; i < 4; i++)
		events[i].data.ptr = MALLOC(100);
	odds = MALLOC(40 * sizeof(*odds));
	for (int i = 0; i < 40; i++)
		odds[i].to = MALLOC(200);
	mapped()[30001].to = chain = MALLOC(sizeof(*chain));
	for (int i = 0; i < 9; i++)
		chain = chain->to = MALLOC(sizeof(*chain));
	chain->to = NULL;
}

static NOINLINE void lose(void)
{
	MALLOC(300); /* what nothing holds is found */
}

int main(void)
{
	say("expect lost count=1 bytes=300 function=lose");
	away(make);
	away(lose);
	return 0;
}
