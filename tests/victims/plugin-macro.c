/* For macro-early: leaks a linked ring, and is unloaded. */
#include "macro.h"

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("plugged"), *b = obj_new("plugged");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = a;
	GORDIAN_LINK(b, second, a);
	GORDIAN_FINALIZER(a, plugged_free);
	GORDIAN_FINALIZER(b, plugged_free);
}

void leak(void)
{
	away(ring);
}
