/* What only a block holds that was freed past the hooks is lost: the thread's,
 * one of a bin, and one that was joined with others. */
#include "victim.h"

extern void __libc_free(void *);

#define WORDS 100
#define MANY 10

static NOINLINE char **hold(size_t words, size_t size)
{
	char **holder = calloc(words, sizeof *holder);

	holder[words - 2] = MALLOC(size);
	return holder;
}

static NOINLINE void lose(void)
{
	char **volatile block[MANY];

	__libc_free(hold(4, 71));
	for (int i = 0; i < MANY; i++)
		block[i] = hold(WORDS, 72);
	for (int i = 0; i < MANY; i++)
		__libc_free(block[i]);
}

int main(void)
{
	say("expect lost count=1 bytes=71 function=hold");
	say("expect lost count=10 bytes=720 function=hold");
	away(lose);
	return 0;
}
