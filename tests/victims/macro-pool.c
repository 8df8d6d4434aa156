/* Blocks of the program's own allocator, carved from static memory, from one
 * big block (-DCHUNK=1) or from a mapping (-DCHUNK=2), which they share with
 * what the allocator notes there. -DSTART=0: the first begins where the memory
 * does, and so is reached by the allocator's pointer to that. */
#include <sys/mman.h>
#include "macro.h"

#ifndef CHUNK
#define CHUNK 0
#endif
#ifndef START
#define START 64
#endif
#define SIZE (64 << 10)

static struct {
	char *memory, *next;
	size_t used;
} pool;
static _Alignas(16) char memory[SIZE];

static NOINLINE void *pool_alloc(size_t size)
{
	void *p = pool.memory + pool.used;

	pool.used += size;
	GORDIAN_POOL_ALLOC(&pool, p, size);
	return p;
}

static NOINLINE struct obj *pool_obj(const char *type)
{
	struct obj *obj = pool_alloc(sizeof(*obj));

	GORDIAN_OBJECT(obj, type);
	obj->refs = 1;
	return obj;
}

static NOINLINE void ring(void)
{
	struct obj *a = pool_obj("a"), *b = pool_obj("b");

	a->first = b;
	b->second = a;
}

static NOINLINE void given_back(void)
{
	struct obj *a = pool_obj("a"), *b = pool_obj("b");

	a->first = b;
	b->second = a;
	GORDIAN_POOL_FREE(&pool, a);
	GORDIAN_POOL_FREE(&pool, b);
}

static NOINLINE void lose(void)
{
	void **p = pool_alloc(48);

	p[0] = MALLOC(100);
	p[1] = pool_alloc(16);
}

static NOINLINE void make(void)
{
	void **kept = MALLOC(200);

	if (CHUNK == 0)
		pool.memory = memory;
	else if (CHUNK == 1)
		pool.memory = CALLOC(SIZE);
	else
		pool.memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pool.used = START;
	TIMES(2)
	ring(), given_back();
	lose();
	/* The allocator's own word holds a block. */
	*(void **)(pool.memory + SIZE - 8) = kept;
	pool.next = pool_alloc(32);
}

int main(void)
{
	say("expect cycle count=%d members=2 type=a,b refcount=1,1 "
	    "function=pool_obj,ring edges=a+8>b,b+16>a",
	    START ? 2 : 1);
	say("expect lost count=1 bytes=48 retained_bytes=116 retained_blocks=2 "
	    "function=lose");
	say("total findings=2 cycles=1 lost=1");
	say("warning none");
	away(make);
	return 0;
}
