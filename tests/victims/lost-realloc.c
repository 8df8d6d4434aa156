/* realloc in all its cases: the last size and the last stack count. */
#include <errno.h>
#include "victim.h"

static void *volatile none;

static NOINLINE void grow(void)
{
	USE(realloc(MALLOC(100), 1000)); /* nothing behind it: in place */
}

static NOINLINE void move(void)
{
	void *p = MALLOC(110), *wall = MALLOC(111);

	USE(realloc(p, 1100));
	free(wall);
}

static NOINLINE void remap(void)
{
	USE(realloc(MALLOC(4 << 20), 12 << 20)); /* mremap */
}

static NOINLINE void shrink(void)
{
	USE(realloc(MALLOC(1200), 120));
}

static NOINLINE void vanish(void)
{
	USE(realloc(MALLOC(130), 0)); /* freed */
}

static NOINLINE void fail(void)
{
	void *p = MALLOC(140), *volatile same = p;
	volatile size_t huge = PTRDIFF_MAX;

	errno = 0;
	if (realloc(same, huge) || errno != ENOMEM)
		_exit(99);
	none = reallocarray(same, huge, 16);
}

static NOINLINE void same(void)
{
	USE(realloc(MALLOC(150), 151));
}

static NOINLINE void make(void)
{
	grow();
	move();
	remap();
	shrink();
	vanish();
	fail();
	same();
}

int main(void)
{
	static const struct {
		const char *name;
		int size;
	} lost[] = {{"grow", 1000},  {"move", 1100}, {"remap", 12 << 20},
		    {"shrink", 120}, {"fail", 140},  {"same", 151}};

	for (unsigned i = 0; i < sizeof(lost) / sizeof(*lost); i++)
		say("expect lost count=1 bytes=%d members=1 sizes=%d "
		    "retained_bytes=0 function=%s",
		    lost[i].size, lost[i].size, lost[i].name);
	away(make);
	return 0;
}
