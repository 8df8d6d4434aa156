/* Pointers of 32 bits beside macros: a slot that is told to be weak holds
 * nothing though it has but 4 bytes, blocks of a pool are held by halves and
 * hold by them, and what counts prove dead is dead whatever a half says. */
#include "macro.h"

static struct {
	uint32_t slot[8];
} table;
static char *pool;
static size_t used = 64;

static uint32_t half(void *p)
{
	if ((uintptr_t)p >> 32)
		_exit(77);
	return (uint32_t)(uintptr_t)p;
}

static NOINLINE void *pool_alloc(size_t size)
{
	void *p = pool + used;

	used += size;
	GORDIAN_POOL_ALLOC(&pool, p, size);
	return p;
}

static NOINLINE void weakly(void)
{
	table.slot[0] = half(MALLOC(88));
	GORDIAN_WEAK(&table, slot[0]);
	table.slot[1] = half(MALLOC(104));
	GORDIAN_WEAK(&table, slot[1]);
}

static NOINLINE void pooled(void)
{
	uint32_t *part = pool_alloc(48);

	memset(part, 0, 48);
	part[3] = half(MALLOC(120));
	part[4] = half(pool_alloc(32));
	table.slot[2] = half(part);
}

static NOINLINE void dead(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = ref(b);
	GORDIAN_LINK(a, first, b);
	b->second = ref(a);
	GORDIAN_LINK(b, second, a);
	table.slot[3] = half(a);
	unref(a);
	unref(b);
}

/* Its second count is not told to be anybody's: it is reached, if by half. */
static NOINLINE void counted(void)
{
	table.slot[4] = half(ref(obj_new("counted")));
}

int main(void)
{
	pool = CALLOC(1000);
	half(pool);
	table.slot[5] = 1; /* slots 4 and 5 are no whole word */
	USE(&table);
	say("expect lost count=1 bytes=88 function=weakly confidence=certain");
	say("expect lost count=1 bytes=104 function=weakly confidence=certain");
	say("expect lost count=1 bytes=48 retained_bytes=152 "
	    "retained_blocks=2 confidence=suspect function=pooled");
	say("expect cycle count=1 members=2 type=a,b confidence=certain");
	say("expect lost count=1 type=counted confidence=suspect");
	away(weakly);
	away(pooled);
	away(dead);
	away(counted);
	USE(&table);
	return 0;
}
