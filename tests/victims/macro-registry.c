/* A registry still points at a dead ring. Nothing is said of the registry, and
 * nothing is reported; -DWEAK says that it holds nothing, -DLINK which fields
 * hold the counts. -DLIVE: it holds a count that nothing declares. */
#include "macro.h"

static struct {
	long n;
	struct obj *slot[4];
} registry;

static NOINLINE void add(struct obj *obj)
{
	registry.slot[registry.n] = obj;
#ifdef WEAK
	GORDIAN_WEAK(&registry, slot[registry.n]);
#endif
#ifdef LIVE
	ref(obj);
#endif
	registry.n++;
}

static NOINLINE void make(void)
{
	struct obj *a = obj_new("window"), *b = obj_new("observer");

	a->first = ref(b);
	b->second = ref(a);
#ifdef LINK
	GORDIAN_LINK(a, first, b);
	GORDIAN_LINK(b, second, a);
#endif
	add(b);
	unref(a);
	unref(b);
}

int main(void)
{
#if defined(LIVE) || !defined(WEAK) && !defined(LINK)
	say("expect nothing");
#elif defined(LINK)
	say("expect cycle count=3 bytes=192 members=2 type=window,observer "
	    "edges=window.first>observer,observer.second>window refcount=1,1 "
	    "acquires=make confidence=certain retained_blocks=0");
#else
	say("expect cycle count=3 bytes=192 members=2 type=window,observer "
	    "edges=window+8>observer,observer+16>window refcount=1,1 "
	    "acquires=make confidence=certain retained_blocks=0");
#endif
	say("warning none");
	TIMES(3)
	away(make);
	return 0;
}
