/*
 * See site_derived.h.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "model/type.h"
#include "debug/entry.h"
#include "debug/named.h"
#include "site/site_derived.h"
#include "site/site_store.h"
#include "debug/store.h"

#define DEPTH_MAX 8    /* first members in each other */
#define SIZED_MAX 1000 /* types of one size that are looked at */

bool type_is_like(const struct type *a, const struct type *b)
{
	return a == b || (a->kind == b->kind && a->size == b->size && a->name &&
			  b->name && !strcmp(a->name, b->name));
}

static bool begins(const struct type *a, const struct type *b, int depth)
{
	size_t i;

	if (depth == DEPTH_MAX || a->kind != TYPE_RECORD)
		return false;
	for (i = 0; i < a->fields_n && !a->fields[i].offset; i++) {
		const struct type *first = a->fields[i].type;

		if (first &&
		    (type_is_like(first, b) || begins(first, b, depth + 1)))
			return true;
	}
	return false;
}

bool type_begins(const struct type *a, const struct type *b)
{
	return begins(a, b, 0);
}

static int by_size(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->entry.addr == y->entry.addr  ? 0
	       : x->entry.addr < y->entry.addr ? -1
					       : 1;
}

static void sized_add(void *data, Dwarf_Die *entry, uint64_t size)
{
	struct sites *sites = data;

	if (sites->sized_n == sites->sized_room) {
		sites->sized_room =
			sites->sized_room ? 2 * sites->sized_room : 256;
		sites->sized = realloc(
			sites->sized, sites->sized_room * sizeof(struct sized));
		if (!sites->sized)
			die(STATUS_FAILED, "out of memory");
	}
	sites->sized[sites->sized_n].entry = *entry;
	sites->sized[sites->sized_n++].size = size;
}

/* The first one that is not smaller. */
static size_t first_of(const struct sites *sites, uint64_t size)
{
	size_t low = 0, high = sites->sized_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sites->sized[middle].size < size)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t derived_find(const struct type *base, uint64_t size,
		    const struct type **found)
{
	const struct known_type *known = (const void *)base;
	struct sites *sites = sites_of(known->symbols);
	size_t n = 0, i, looked;

	if (!sites->sized_listed) {
		sites->sized_listed = true;
		named_each(known->symbols, sized_add, sites);
		if (sites->sized_n)
			qsort(sites->sized, sites->sized_n,
			      sizeof(struct sized), by_size);
	}
	*found = NULL;
	for (i = first_of(sites, size), looked = 0;
	     i < sites->sized_n && sites->sized[i].size == size; i++) {
		const struct type *type = type_of_die(
			known->report, known->symbols, &sites->sized[i].entry);

		if (++looked > SIZED_MAX)
			return SIZED_MAX;
		if (!type || !type_begins(type, base) ||
		    (*found && type_is_like(*found, type)))
			continue;
		*found = type;
		n++;
	}
	return n;
}
