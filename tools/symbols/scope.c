/*
 * See scope.h. An entry's children stand between it and its next sibling. So
 * the way down from the unit leads, in each list of siblings, through the last
 * one that begins before the entry. Each list is read once.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "symbols/functions.h"
#include "symbols/scope.h"
#include "symbols/symbols.h"

static bool may_hold_types(Dwarf_Die *entry)
{
	switch (dwarf_tag(entry)) {
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_interface_type:
	case DW_TAG_subprogram:
	case DW_TAG_lexical_block:
	case DW_TAG_variant_part:
	case DW_TAG_variant:
		return dwarf_haschildren(entry) > 0;
	default:
		return false;
	}
}

static void inner_add(struct container *container, const Dwarf_Die *entry)
{
	if (container->n == container->room) {
		container->room = container->room ? 2 * container->room : 16;
		container->inner = realloc(container->inner,
					   container->room * sizeof(*entry));
		if (!container->inner)
			die(STATUS_FAILED, "out of memory");
	}
	container->inner[container->n++] = *entry;
}

static struct container *container_of(struct symbols *symbols,
				      Dwarf_Die *parent)
{
	const void *key = parent->addr;
	struct container *container;
	Dwarf_Die child;

	HASH_FIND_PTR(symbols->containers, &key, container);
	if (container)
		return container;
	container = calloc(1, sizeof(*container));
	if (!container)
		die(STATUS_FAILED, "out of memory");
	container->key = key;
	if (!dwarf_child(parent, &child))
		do {
			if (may_hold_types(&child))
				inner_add(container, &child);
		} while (!dwarf_siblingof(&child, &child));
	HASH_ADD_PTR(symbols->containers, key, container);
	return container;
}

/* The last that begins before address, or NULL. */
static Dwarf_Die *inner_before(const struct container *container,
			       const void *address)
{
	size_t low = 0, high = container->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((const char *)container->inner[middle].addr <
		    (const char *)address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &container->inner[low - 1] : NULL;
}

/* Whether address is inside of entry. */
static bool encloses(Dwarf_Die *entry, const void *address)
{
	Dwarf_Die next;

	return dwarf_siblingof(entry, &next) ||
	       (const char *)address < (const char *)next.addr;
}

size_t scopes_of(struct symbols *symbols, Dwarf_Die *entry,
		 Dwarf_Die scopes[SCOPES_MAX])
{
	Dwarf_Die parent, *inner;
	size_t n = 0;

	if (!dwarf_diecu(entry, &parent, NULL, NULL))
		return 0;
	while (n < SCOPES_MAX) {
		inner = inner_before(container_of(symbols, &parent),
				     entry->addr);
		if (!inner || !encloses(inner, entry->addr))
			break;
		parent = scopes[n++] = *inner;
	}
	return n;
}

/* The entry that has the name and the place of a type that is declared in one
 * place and defined in another. */
static Dwarf_Die declared(Dwarf_Die *entry)
{
	Dwarf_Attribute attribute;
	Dwarf_Die other;

	if (dwarf_attr(entry, DW_AT_specification, &attribute) &&
	    dwarf_formref_die(&attribute, &other))
		return other;
	return *entry;
}

/* Where strings have lost their ends, each name runs on for megabytes. */
#define NAME_BYTES_MAX (16 << 10)

const char *name_or_none(const char *name)
{
	return name && strnlen(name, NAME_BYTES_MAX) < NAME_BYTES_MAX ? name
								      : NULL;
}

const char *die_name(Dwarf_Die *entry)
{
	return name_or_none(dwarf_diename(entry));
}

/* NULL: the scope does not show in names. */
static const char *scope_name(Dwarf_Die *scope)
{
	const char *name = die_name(scope);

	switch (dwarf_tag(scope)) {
	case DW_TAG_namespace:
		return name ? name : "(anonymous namespace)";
	case DW_TAG_subprogram:
	case DW_TAG_lexical_block:
	case DW_TAG_variant_part:
	case DW_TAG_variant:
		return NULL;
	default:
		return name;
	}
}

char *die_full_name(struct symbols *symbols, Dwarf_Die *entry)
{
	Dwarf_Die scopes[SCOPES_MAX], place = declared(entry);
	const char *name = die_name(&place);
	size_t n, i, size;
	char *full;
	FILE *out;

	if (!name)
		return NULL;
	out = open_memstream(&full, &size);
	if (!out)
		die(STATUS_FAILED, "out of memory");
	n = scopes_of(symbols, &place, scopes);
	for (i = 0; i < n; i++) {
		Dwarf_Die scope = declared(&scopes[i]);
		const char *part = scope_name(&scope);

		if (part)
			fprintf(out, "%s::", part);
	}
	fputs(name, out);
	if (fclose(out))
		die(STATUS_FAILED, "out of memory");
	return full;
}

void scopes_free(struct symbols *symbols)
{
	struct container *container, *next;

	HASH_ITER(hh, symbols->containers, container, next) {
		HASH_DEL(symbols->containers, container);
		free(container->inner);
		free(container);
	}
}
