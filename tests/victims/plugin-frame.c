/* For stack-plugin: ROOM is the size of a frame, MIDDLE its function's name. */
#include "victim.h"

static NOINLINE void frame_leak(void)
{
	MALLOC(100);
}

static NOINLINE void MIDDLE(void)
{
	char room[ROOM];

	USE(room);
	frame_leak();
	USE(room);
}

void frame_run(void);
void frame_run(void)
{
	TIMES(2)
	MIDDLE();
	clobber();
}
