/* No macro at ref and unref: the program's own counts are read, whatever their
 * size, and compared with the references that exist. */
#include "macro.h"

struct small {
	struct small *next;
	uint8_t refs;
	int8_t pad[7];
};

static NOINLINE struct small *small_new(int refs)
{
	struct small *small = CALLOC(sizeof(*small));

	GORDIAN_OBJECT(small, "small");
	small->refs = refs;
	return small;
}

static NOINLINE void ring(void)
{
	struct obj *a = obj_new("big"), *b = obj_new("big");

	a->first = b;
	b->second = a;
}

static NOINLINE void small_ring(void)
{
	struct small *a = small_new(1), *b = small_new(1);

	a->next = b;
	b->next = a;
	memset(a->pad, -1, sizeof(a->pad)); /* not the count's */
}

static NOINLINE void forgotten(void)
{
	small_new(200);
}

int main(void)
{
	GORDIAN_COUNT_FIELD("big", struct obj, refs);
	GORDIAN_COUNT_FIELD("small", struct small, refs);
	say("expect cycle count=1 members=2 type=big refcount=1,1 "
	    "confidence=certain function=ring");
	say("expect cycle count=1 members=2 type=small refcount=1,1 "
	    "confidence=certain function=small_ring");
	say("expect excess-ref count=1 members=1 type=small refcount=200 "
	    "references=0 function=forgotten");
	say("total findings=3 cycles=2 excess_refs=1");
	say("warning none");
	away(ring);
	away(small_ring);
	away(forgotten);
	return 0;
}
