/* A cache of names holds its dictionary, which holds the cache's memory by
 * nothing: the references pile up. Mended: they are given back. */
#include <libxml/tree.h>
#include <libxml/dict.h>
#include <stdlib.h>

struct cache {
	xmlDictPtr names;
	struct cache *self;
};

__attribute__((noinline)) static struct cache *cache_new(xmlDictPtr names)
{
	struct cache *cache = calloc(1, sizeof *cache);

	xmlDictReference(names);
	cache->names = names;
	cache->self = cache;
	return cache;
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		xmlDictPtr names = xmlDictCreate();
		struct cache *cache = cache_new(names);

#ifdef MENDED
		xmlDictFree(cache->names);
		free(cache);
#endif
		xmlDictFree(names);
		names = NULL;
		(void)cache;
	}
}
