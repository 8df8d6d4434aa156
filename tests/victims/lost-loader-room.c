/* Memory that was freed becomes the loader's list of opened modules, which has
 * room for more of them: what is there is old. */
#include <dlfcn.h>
#include "victim.h"

#define BYTES 2312 /* a list, rounded up, and what may be larger */
#define CHUNKS 24

static void *plugins[2]; /* the loader has two lists */
static void *walls[CHUNKS];

static NOINLINE void make(void)
{
	char first[PATH_MAX], second[PATH_MAX];
	void **chunk[CHUNKS], *lost = MALLOC(100);
	unsigned i = 0, k;

	TIMES(CHUNKS)
	{
		chunk[i] = MALLOC(BYTES + 16 * (i / 2));
		for (k = BYTES / 2; k < BYTES; k += 8)
			chunk[i][k / 8] = lost;
		walls[i++] = MALLOC(64);
	}
	while (i--)
		free(chunk[i]);
	plugins[0] = dlopen(beside(first, "plugin-hold.so"), RTLD_NOW);
	plugins[1] = dlopen(beside(second, "plugin-first.so"), RTLD_NOW);
	if (!plugins[0] || !plugins[1])
		_exit(77);
	USE(walls);
}

int main(void)
{
	say("expect lost count=1 bytes=100");
	away(make);
	return 0;
}
