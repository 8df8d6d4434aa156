/* Freed memory holds nothing, wherever the allocator keeps it: in a bin of
 * any kind, at the top, or resized away; nor does what follows a block. */
#include "victim.h"

static void **freed[7];

/* A block that holds a lost one by its middle and by its last word. */
static NOINLINE void **holder(size_t size, size_t lost)
{
	void **p = CALLOC(size);

	p[size / sizeof(*p) / 2] = MALLOC(lost);
	p[size / sizeof(*p) - 1] = p[size / sizeof(*p) / 2];
	return p;
}

static NOINLINE void make(void)
{
	void *wall[7];

	freed[0] = holder(64, 101);    /* thread cache */
	freed[1] = holder(2000, 102);  /* unsorted, later a small bin */
	wall[0] = MALLOC(24);	       /* (walls keep chunks apart) */
	freed[2] = holder(50000, 103); /* a large bin */
	wall[1] = MALLOC(24);
	freed[3] = holder(30000, 104);	 /* shrunk: the rest is free */
	freed[4] = holder(1 << 22, 105); /* unmapped */
	wall[2] = MALLOC(24);
	freed[5] = holder(64 << 10, 106); /* at the top */
	for (int i = 0; i < 6; i++)
		if (i != 3)
			free(freed[i]);
	freed[3] = realloc(freed[3], 512);
	CALLOC(90000); /* sorts the bins */
	for (int i = 0; i < 3; i++)
		free(wall[i]);
}

int main(void)
{
	for (int i = 101; i <= 106; i++)
		say("expect lost count=1 bytes=%d sizes=%d function=holder", i,
		    i);
	say("expect lost count=1 bytes=90000");
	away(make);
	return 0;
}
