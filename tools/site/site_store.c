/*
 * See site_store.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "symbols/symbols.h"
#include "site/site_function.h"
#include "site/site_store.h"
#include "debug/store.h"

static void scenes_free(struct sites *sites)
{
	struct scene *scene, *next;

	HASH_ITER(hh, sites->scenes, scene, next) {
		HASH_DEL(sites->scenes, scene);
		free(scene->spots);
		free(scene->calls);
		free(scene);
	}
}

static void globals_free(struct sites *sites)
{
	struct globals *globals, *next;

	HASH_ITER(hh, sites->globals, globals, next) {
		HASH_DEL(sites->globals, globals);
		HASH_CLEAR(hh, globals->by_name);
		free(globals->list);
		free(globals);
	}
}

static void sites_close(void *opaque)
{
	struct sites *sites = opaque;

	scenes_free(sites);
	globals_free(sites);
	HASH_CLEAR(hh, sites->passages);
	free(sites->sized);
	free(sites);
}

struct sites *sites_of(struct symbols *symbols)
{
	struct store *store = store_of(symbols);

	if (!store->sites) {
		store->sites = calloc(1, sizeof(struct sites));
		if (!store->sites)
			die(STATUS_FAILED, "out of memory");
		store->sites_close = sites_close;
	}
	return store->sites;
}
