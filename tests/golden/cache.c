/* A table that is forgotten as a whole, made by a wrapper of calloc. */
#include <stdlib.h>
#include <string.h>

struct slot {
	char *key;
	double value;
};

struct cache {
	size_t n;
	struct slot *slots;
};

static void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		abort();
	return p;
}

static struct cache *cache_new(size_t n)
{
	struct cache *cache = xcalloc(1, sizeof(*cache));

	cache->n = n;
	cache->slots = xcalloc(n, sizeof(*cache->slots));
	return cache;
}

static void cache_fill(struct cache *cache)
{
	static const char *const keys[] = {"width", "height", "depth"};

	for (size_t i = 0; i < cache->n; i++) {
		cache->slots[i].key = strdup(keys[i]);
		cache->slots[i].value = (double)i;
	}
}

int main(void)
{
	for (int i = 0; i < 2; i++)
		cache_fill(cache_new(3));
}
