/* What a scan cannot see for a while is in use all the same: a later scan does
 * not have it, so that it is no alarm. It counts as an error of the scan. BACK
 * of the five blocks are seen again at the end. */
#include "macro.h"

#ifndef BACK
#define BACK 5
#endif

static uintptr_t hidden[5];
static void *volatile seen[5];

static NOINLINE void hide(void)
{
	volatile int i = 0;

	TIMES(5)
	hidden[i++] = ~(uintptr_t)MALLOC(64);
}

int main(void)
{
	int i;

	if (BACK == 5) {
		say("option --error-exitcode=9");
		say("expect lost count=5 bytes=320 gone=yes");
		say("total findings=0 lost=0 bytes=0 gone=1 came_back=1");
	} else {
		say("expect lost count=%d bytes=%d", 5 - BACK, 320 - 64 * BACK);
		say("total findings=1 gone=0 came_back=0");
	}
	away(hide);
	MUST_BE(gordian_check(), 1);
	for (i = 0; i < BACK; i++)
		seen[i] = (void *)~hidden[i];
	MUST_BE(gordian_check(), 0);
	return 0;
}
