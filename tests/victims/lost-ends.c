/* A lost block that points just past live ones: their memory is given back
 * before the sample of it is made, and is not read. */
#include "victim.h"

#define N 60
#define SIZE 10008 /* the next chunk begins 8 bytes before its block */

static char *live[N];

static NOINLINE void lose(void)
{
	char **lost = CALLOC(N * sizeof *lost);

	for (int i = 0; i < N; i++)
		lost[i] = live[i] + SIZE;
}

int main(void)
{
	say("expect lost count=1 bytes=%zu members=1 edges=", N * sizeof *live);
	say("warning none");
	for (int i = 0; i < N; i++)
		live[i] = CALLOC(SIZE);
	away(lose);
	return 0;
}
