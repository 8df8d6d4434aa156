/*
 * See bootstrap.h. The first piece is in the library's own data, the next ones
 * are mapped. Each is cut in turn. Runs in the one thread that there is.
 */
#include "base/arena.h"
#include "base/large.h"
#include "heap/bootstrap.h"

#define FIRST_BYTES (16ul << 10)
#define PIECE_BYTES (64ul << 10)

/* A block's size stands in the 16 bytes before it. */
struct piece {
	struct piece *next;
	size_t bytes, used;
} __attribute__((aligned(16)));

static union {
	struct piece piece;
	char bytes[FIRST_BYTES];
} first LARGE;

static struct piece *pieces; /* the newest first */
struct bootstrap_hull bootstrap_hull;

static void widen(const struct piece *piece)
{
	uintptr_t low = bootstrap_hull.low, high = low + bootstrap_hull.bytes;
	uintptr_t from = (uintptr_t)piece, to = from + piece->bytes;

	low = from < low ? from : low;
	high = to > high ? to : high;
	bootstrap_hull = (struct bootstrap_hull){low, high - low};
}

/* Most programs need none of it. */
static struct piece *piece_first(void)
{
	first.piece = (struct piece){NULL, FIRST_BYTES, sizeof first.piece};
	bootstrap_hull =
		(struct bootstrap_hull){(uintptr_t)&first, FIRST_BYTES};
	return pieces = &first.piece;
}

static struct piece *piece_make(size_t need)
{
	size_t bytes = need + sizeof(struct piece);
	struct piece *made;

	if (bytes < PIECE_BYTES)
		bytes = PIECE_BYTES;
	made = arena_map(bytes);
	if (!made)
		return NULL;
	*made = (struct piece){pieces, bytes, sizeof *made};
	widen(made);
	pieces = made;
	return made;
}

void *bootstrap_alloc(size_t align, size_t size)
{
	struct piece *piece = pieces;
	uintptr_t at;
	size_t need;

	if (align < 16)
		align = 16;
	if (__builtin_add_overflow(size, align + 32, &need) ||
	    need > SIZE_MAX / 2)
		return NULL;
	need = (need + 15) & ~15ul;
	if (!piece)
		piece = piece_first();
	if (need > piece->bytes - piece->used)
		piece = piece_make(need);
	if (!piece)
		return NULL;
	at = ((uintptr_t)piece + piece->used + 16 + align - 1) & ~(align - 1);
	piece->used += need;
	((size_t *)at)[-1] = size;
	return (void *)at;
}

bool bootstrap_owns_slow(uintptr_t p)
{
	const struct piece *piece;

	for (piece = pieces; piece; piece = piece->next)
		if (p - (uintptr_t)piece < piece->bytes)
			return true;
	return false;
}

size_t bootstrap_size(const void *p)
{
	return ((const size_t *)p)[-1];
}

bool bootstrap_range(unsigned i, uintptr_t *low, uintptr_t *high)
{
	const struct piece *piece = pieces;

	while (i-- && piece)
		piece = piece->next;
	if (!piece)
		return false;
	*low = (uintptr_t)(piece + 1);
	*high = (uintptr_t)piece + piece->used;
	return true;
}
