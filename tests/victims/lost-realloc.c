/* realloc in all its cases: the last size and the last stack count. */
#include "victim.h"

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
	void *volatile p = MALLOC(140); /* stays as it is */
	volatile size_t huge = PTRDIFF_MAX;

	if (realloc(p, huge) || reallocarray(p, huge, 16))
		_exit(99);
}

static const struct {
	const char *name;
	void (*make)(void);
	int size;
} all[] = {
	{"grow", grow, 1000},	    {"move", move, 1100},
	{"remap", remap, 12 << 20}, {"shrink", shrink, 120},
	{"fail", fail, 140},	    {"vanish", vanish, 0},
};

int main(void)
{
	for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].size)
			say("expect lost count=1 bytes=%d members=1 "
			    "retained_bytes=0 function=%s",
			    all[i].size, all[i].name);
	for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++)
		away(all[i].make);
	return 0;
}
