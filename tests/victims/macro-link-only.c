/* Links are told but no counts: what objects are born with proves nothing of a
 * ring that a registry holds, nor of one whose own count says more. */
#include "macro.h"

static struct obj *volatile registry[2];

static NOINLINE struct obj *ring(const char *type)
{
	struct obj *a = obj_make(), *b = obj_make();

	GORDIAN_OBJECT(a, type);
	GORDIAN_OBJECT(b, type);
	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = a;
	GORDIAN_LINK(b, second, a);
	a->refs = 2;
	return a;
}

static NOINLINE void make(void)
{
	GORDIAN_COUNT_FIELD("counted", struct obj, refs);
	registry[0] = ring("bare");
	registry[1] = ring("counted");
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(make);
	return 0;
}
