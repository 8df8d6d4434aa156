/*
 * Rings of two. The memory of one of each pair is mostly never written: there
 * stand old words, which lead into other pairs. They neither join the pairs nor
 * put one below the other.
 *
 * EXACT: the old words lead to beginnings of blocks. OWN: what is not written
 * is a block of its own. LIST: the pairs are in a list, too.
 */
#include "victim.h"

#ifndef RINGS
#define RINGS 100
#endif
#define OLD (4 * RINGS)
#define PAYLOAD 4000

struct note {
	struct frame *frame;
	long kind;
};

struct frame {
	struct note *note;
	struct frame *next;
#ifdef OWN
	char *payload;
#else
	char payload[PAYLOAD];
#endif
};

#ifdef OWN
#define WRITTEN 24
#define FACTS "bytes=%d retained_blocks=%d retained_bytes=%d "
#define NUMBERS RINGS *(24 + 16), RINGS, RINGS *PAYLOAD
#else
#define WRITTEN (16 + PAYLOAD)
#define FACTS "bytes=%d retained_blocks=0 retained_bytes=0 "
#define NUMBERS RINGS *(16 + PAYLOAD + 16)
#endif
#ifdef EXACT
#define OLD_SIZE sizeof(struct frame)
#define INSIDE 0
#else
#define OLD_SIZE 4100
#define INSIDE 64
#endif

/* Tables of pointers to each other. keep: so that their memory stays. */
static NOINLINE void live_before(void **keep)
{
	char *old[OLD];
	int i, k;

	for (i = 0; i < OLD; i++)
		old[i] = malloc(OLD_SIZE);
	*keep = malloc(24);
	for (i = 0; i < OLD; i++)
		for (k = 2; k < (int)OLD_SIZE / 8; k++)
			((void **)old[i])[k] = old[rand() % OLD] + INSIDE;
	for (i = 0; i < OLD; i++)
		free(old[i]);
}

static NOINLINE void make(void)
{
	struct frame *last = NULL;
	int i;

	for (i = 0; i < RINGS; i++) {
		struct frame *frame = malloc(sizeof(*frame));

		frame->next = NULL;
#ifdef LIST
		frame->next = last;
#endif
		last = frame;
#ifdef OWN
		frame->payload = malloc(PAYLOAD);
#endif
		frame->note = malloc(sizeof(*frame->note));
		*frame->note = (struct note){frame, 7};
		USE(frame);
	}
	USE(last);
}

static void *keep;

static NOINLINE void live(void)
{
	live_before(&keep);
	make();
}

int main(void)
{
	say("expect cycle count=%d members=2 nested=0 inner=no "
	    "confidence=certain " FACTS "edges=%d+0>16,16+0>%d cut=16+0>%d",
	    RINGS, NUMBERS, WRITTEN, WRITTEN, WRITTEN);
	away(live);
	USE(keep);
	return 0;
}
