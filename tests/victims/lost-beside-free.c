/* The allocator's lists and its top point at the header of a free chunk,
 * which overlays the last word of the block before: no reference. */
#include "victim.h"

static NOINLINE void make(void)
{
	void *gap[3], *wall;
	int i = 0;

	TIMES(3)
	{
		MALLOC(24 + 1024); /* all of its chunk, to the last word */
		gap[i++] = MALLOC(2000);
		wall = MALLOC(3000);
		USE(wall);
	}
	while (i--)
		free(gap[i]);
	MALLOC(24 + 160 * 1024 / 2); /* before the top */
}

int main(void)
{
	say("expect lost count=3 bytes=3144 sizes=1048");
	say("expect lost count=3 bytes=9000 sizes=3000");
	say("expect lost count=1 bytes=81944");
	away(make);
	return 0;
}
