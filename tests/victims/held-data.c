/* Blocks that a global, a static, thread-local storage, another block, an
 * interior pointer or one past the end holds. */
#include "victim.h"

void *volatile global;
void *volatile initialised = (void *)&global;
static __thread void *tls;
static __thread void *tls_initialised = (void *)&global;
static char *volatile inside[7];

static NOINLINE void make(void)
{
	static void *local;
	void **chain;

	global = MALLOC(100);
	initialised = MALLOC(200);
	tls = MALLOC(300);
	tls_initialised = MALLOC(400);
	local = chain = CALLOC(500);
	USE(&local);
	for (int i = 0; i < 100; i++)
		chain = chain[i % 60] = CALLOC(600);
	inside[0] = (char *)MALLOC(700) + 1;   /* a tag in the low bits */
	inside[1] = (char *)MALLOC(800) + 799; /* its last byte */
	inside[2] = (char *)MALLOC(8) + 8;     /* an empty array's end */
	inside[6] = (char *)MALLOC(608) + 608; /* of any block */
	((char **)tls)[3] = (char *)MALLOC(608) + 608;
	inside[3] = (char *)MALLOC(1 << 20) + (1 << 19);
	inside[4] = (char *)MALLOC(80 << 20) + (16 << 20);
	inside[5] = (char *)MALLOC(80 << 20) + (60 << 20);
	USE(&tls);
	USE(&tls_initialised);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
