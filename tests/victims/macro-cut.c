/* The edge to cut: a field with a back pointer's name, although another link
 * closed the ring; else the link that closed it. */
#include "macro.h"

#define JOIN(owner, field, target)                    \
	do {                                          \
		(owner)->field = (target);            \
		GORDIAN_LINK(owner, field, (target)); \
	} while (0)

static NOINLINE void back(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b"), *c = obj_new("c");

	JOIN(b, first, c);
	JOIN(c, parent, a);
	JOIN(a, first, b);
}

static NOINLINE void closed(void)
{
	struct obj *d = obj_new("d"), *e = obj_new("e"), *f = obj_new("f");

	JOIN(f, first, d);
	JOIN(d, first, e);
	JOIN(e, first, f);
}

static NOINLINE void closed_again(void)
{
	struct obj *g = obj_new("g"), *h = obj_new("h"), *i = obj_new("i");

	JOIN(h, first, i);
	JOIN(i, first, g);
	JOIN(g, first, h);
}

int main(void)
{
	say("expect cycle count=1 members=3 type=a,b,c refcount=1,1,1 "
	    "edges=a.first>b,b.first>c,c.parent>a cut=c.parent>a");
	say("expect cycle count=1 members=3 type=d,e,f cut=e.first>f");
	say("expect cycle count=1 members=3 type=g,h,i cut=g.first>h");
	say("warning none");
	away(back);
	away(closed);
	away(closed_again);
	return 0;
}
