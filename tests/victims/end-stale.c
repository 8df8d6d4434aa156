/* The program ends deep down, in a function of libc's: what that leaves of old
 * frames hides no leak, and what frames and registers of callers hold is none.
 * Built once for each way, with -DEND=…. */
#include <assert.h>
#include "victim.h"

static NOINLINE void fill(void *block)
{
	void *volatile words[512];
	unsigned i;

	for (i = 0; i < 512; i++)
		words[i] = block;
	USE(words[0]);
}

static NOINLINE void lose(void)
{
	fill(MALLOC(100));
}

static volatile int no; /* else the compiler knows that end() never returns */

static NOINLINE void end(void)
{
	if (!no)
		END;
}

int main(void)
{
	void *volatile local = MALLOC(200);
	void *kept = MALLOC(300);

	say("expect lost count=1 bytes=100");
	lose();
	end();
	USE(local);
	USE(kept);
	return 5;
}
