/*
 * See store.h.
 */
#include <stdlib.h>

#include "common/die.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/symbols.h"
#include "debug/store.h"

static void names_free(struct store *store)
{
	struct named *first, *next, *named, *after;

	HASH_ITER(hh, store->names, first, next) {
		HASH_DEL(store->names, first);
		for (named = first; named; named = after) {
			after = named->next;
			free(named);
		}
	}
}

static void store_close(void *opaque)
{
	struct store *store = opaque;

	HASH_CLEAR(hh, store->known);
	names_free(store);
	if (store->sites)
		store->sites_close(store->sites);
	free(store);
}

struct store *store_of(struct symbols *symbols)
{
	if (!symbols->types) {
		symbols->types = calloc(1, sizeof(struct store));
		if (!symbols->types)
			die(STATUS_FAILED, "out of memory");
		symbols->types_close = store_close;
	}
	return symbols->types;
}

struct known_type *type_new(struct report *report, struct symbols *symbols)
{
	struct known_type *known = report_take(report, 1, sizeof(*known));

	known->report = report;
	known->symbols = symbols;
	return known;
}
