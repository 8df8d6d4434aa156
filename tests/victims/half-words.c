/* Where the heap lies below 4 GiB (no PIE), half of a word may be a pointer:
 * what only that holds is a suspect. Among blocks that are not reached it is an
 * edge like any other. */
#include <sys/mman.h>
#include "victim.h"

#define N 50

static uint32_t *volatile table;

static uint32_t half(void *p)
{
	if ((uintptr_t)p >> 32)
		_exit(77);
	return (uint32_t)(uintptr_t)p;
}

/* In static memory, both halves of words. */
static volatile uint32_t slots[N];
static NOINLINE void in_variable(void)
{
	int i = 0;

	TIMES(N)
	slots[i++] = half(MALLOC(40));
}

/* In a block that is reached, and on through blocks that only halves hold. The
 * last is held by a whole word of such a block. */
static NOINLINE void in_block(void)
{
	uint32_t **inner, i = 0;

	table = CALLOC(4 * N);
	TIMES(N)
	{
		inner = CALLOC(64);
		inner[3] = CALLOC(20);
		inner[3][4] =
			half(MALLOC(24)); /* in no whole word of its own */
		table[i++] = half(inner);
	}
}

/* A table whose pointers lead into its blocks (GObjects behind their private
 * data); beside numbers, one such is no pointer. */
static uint32_t *volatile inside, *volatile numbers;
static NOINLINE void into_blocks(void)
{
	uint32_t i = 0;

	inside = CALLOC(4 * N);
	TIMES(24) /* an even number: 0 beside one makes a whole word */
	inside[i++] = half((char *)MALLOC(56) + 24);
	numbers = CALLOC(4 * N);
	for (i = 0; i < N; i++)
		numbers[i] = i;
}

static NOINLINE void beside_numbers(void)
{
	numbers[9] = half((char *)MALLOC(104) + 24);
}

/* Nothing holds the table itself. */
static NOINLINE void lost_table(void)
{
	uint32_t *lost = CALLOC(4 * N), i = 0;

	TIMES(N)
	lost[i++] = half(MALLOC(72));
}

static NOINLINE void ring(void)
{
	uint32_t *a = CALLOC(32), *b = CALLOC(48);

	a[3] = half(b);
	b[4] = half(a);
	b[5] = 7;
}

/* A ring that half of a suspect's word alone leads to is a suspect, too. */
static volatile uint32_t slot[2] __attribute__((aligned(8)));
static NOINLINE void ring_behind(void)
{
	uint32_t *first = CALLOC(96);
	void **a = CALLOC(112), **b = CALLOC(120);

	a[1] = b;
	b[1] = a;
	first[4] = half(a);
	first[5] = 7;
	slot[0] = half(first);
	slot[1] = 7;
}

static NOINLINE void mere_loss(void)
{
	uint32_t *p = MALLOC(80);

	USE(p);
}

/* A word that is an address as a whole is no two halves: it leads into a
 * mapping whose address ends like a block's. */
static NOINLINE void whole_word(void)
{
	static char *volatile high;
	uintptr_t low = half(MALLOC(88));

	high = mmap((void *)(0x600000000000 + (low & -4096ul)), 4096,
		    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (high != (char *)0x600000000000 + (low & -4096ul))
		_exit(77);
	high += low & 4095;
}

int main(void)
{
	free(MALLOC(1000));
	say("expect lost count=%d confidence=suspect function=in_variable", N);
	say("expect lost count=%d confidence=suspect function=in_block "
	    "retained_blocks=%d",
	    N, 2 * N);
	say("expect lost count=24 confidence=suspect function=into_blocks");
	say("expect lost count=1 bytes=104 function=beside_numbers");
	say("expect lost count=1 retained_blocks=%d function=lost_table", N);
	say("expect cycle count=1 sizes=32,48 edges=32+12>48,48+16>32");
	say("expect lost count=1 bytes=96 confidence=suspect "
	    "function=ring_behind");
	say("expect cycle count=1 confidence=suspect sizes=112,120");
	say("expect lost count=1 bytes=80 function=mere_loss");
	say("expect lost count=1 bytes=88 function=whole_word");
	away(in_variable);
	away(in_block);
	away(into_blocks);
	away(beside_numbers);
	away(lost_table);
	away(ring);
	away(ring_behind);
	away(mere_loss);
	away(whole_word);
	return 0;
}
