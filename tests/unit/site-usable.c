/* As site-made.c: a program that asks how large its blocks have become, as
 * redis does. Of them, Gordian knows that size alone. */
#include <malloc.h>
#include <stdlib.h>

#define APART __attribute__((noinline))

int usable_asked = 1; /* see site-trace.c */

struct item {
	long key;
	char *name, *value;
	double weight;
};

static struct item *pool;
static size_t used;

static APART void *counted(size_t size)
{
	void *block = malloc(size);

	if (!block)
		abort();
	used += malloc_usable_size(block);
	return block;
}

static APART void pool_new(void)
{
	struct item *items;
	int i;

	items = counted(16 * sizeof(*items)); /* = item[16] */
	for (i = 0; i < 16; i++) {
		items[i].key = 0;
		items[i].name = counted(33); /* ~ char[] */
	}
	pool = items;
}

int main(void)
{
	pool_new();
	return !pool || !used;
}
