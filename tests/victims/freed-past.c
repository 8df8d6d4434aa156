/* Blocks that are freed by calls that no hook sees: they are no leaks, whether
 * glibc keeps them for the thread, in its bins, or joined with others, and
 * whether or not other blocks have been made of that. */
#include "victim.h"

extern void __libc_free(void *);

#define MANY 400

static NOINLINE void free_past(size_t size)
{
	void *volatile block[MANY];

	for (int i = 0; i < MANY; i++)
		block[i] = MALLOC(size);
	for (int i = 0; i < MANY; i += 2)
		__libc_free(block[i]);
	for (int i = 1; i < MANY; i += 2)
		__libc_free(block[i]);
}

static NOINLINE void make(void)
{
	free_past(40);	 /* the thread's, fast bins */
	free_past(600);	 /* small bins, joined */
	free_past(3000); /* large ones, the top */
}

static void *volatile held[50];

/* What is cut from the memory of several, and is in use. */
static NOINLINE void reuse(void)
{
	free_past(200);
	for (int i = 0; i < 50; i++)
		held[i] = MALLOC(600);
}

static NOINLINE void lose(void)
{
	MALLOC(77);
}

int main(void)
{
	say("expect lost count=1 bytes=77 function=lose");
	away(lose);
	away(make);
	away(reuse);
	return 0;
}
