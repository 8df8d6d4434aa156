/*
 * Symbol tables: .symtab, of the separate debug file when there is one, else
 * .dynsym. libdwfl walks the whole table for each address. This sorts it once.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"

static unsigned char rank(const GElf_Sym *symbol, const char *name)
{
	unsigned char underscores = (unsigned char)strspn(name, "_");

	if (underscores > 15)
		underscores = 15;
	switch (GELF_ST_BIND(symbol->st_info)) {
	case STB_GLOBAL:
		return underscores;
	case STB_WEAK:
		return 16 + underscores;
	default:
		return 32 + underscores;
	}
}

static bool wanted(const GElf_Sym *symbol, const char *name)
{
	switch (GELF_ST_TYPE(symbol->st_info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
	case STT_NOTYPE: /* written in assembly */
	case STT_OBJECT:
		return name && *name && symbol->st_shndx != SHN_UNDEF &&
		       symbol->st_shndx != SHN_ABS;
	default:
		return false;
	}
}

/* Of several that start together the best comes last, since the search goes
 * backwards. */
static int by_start(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return -strcmp(x->name, y->name);
}

static void entries_read(struct symbols *symbols)
{
	int i, n = dwfl_module_getsymtab(symbols->module);

	symbols->entries_read = true;
	if (n <= 0)
		return;
	symbols->entries = calloc((size_t)n, sizeof(*symbols->entries));
	if (!symbols->entries)
		die(STATUS_FAILED, "out of memory");
	for (i = 1; i < n; i++) {
		struct entry *entry = &symbols->entries[symbols->entries_n];
		GElf_Sym symbol;
		GElf_Addr address;

		entry->name =
			dwfl_module_getsym_info(symbols->module, i, &symbol,
						&address, NULL, NULL, NULL);
		if (!entry->name || !wanted(&symbol, entry->name))
			continue;
		entry->start = address;
		entry->size = symbol.st_size;
		entry->rank = rank(&symbol, entry->name);
		entry->object = GELF_ST_TYPE(symbol.st_info) == STT_OBJECT;
		symbols->entries_n++;
	}
	qsort(symbols->entries, symbols->entries_n, sizeof(struct entry),
	      by_start);
}

/* A symbol without a size reaches to the next one. One with a size that ends
 * before address may be inside a larger one. */
const struct entry *entry_at(struct symbols *symbols, uint64_t address,
			     bool object)
{
	size_t low = 0, high, i, looked;

	if (!symbols->entries_read)
		entries_read(symbols);
	high = symbols->entries_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->entries[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low, looked = 0; i-- > 0 && looked < 32; looked++) {
		const struct entry *entry = &symbols->entries[i];

		if (entry->object != object)
			continue;
		if (address - entry->start < entry->size ||
		    (!entry->size && !looked))
			return entry;
	}
	return NULL;
}

const char *entry_name(struct symbols *symbols, uint64_t address, bool object)
{
	const struct entry *entry = entry_at(symbols, address, object);

	return entry ? entry->name : NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void names_sort(struct symbols *symbols)
{
	size_t i;

	symbols->names =
		calloc(symbols->entries_n + 1, sizeof(*symbols->names));
	if (!symbols->names)
		die(STATUS_FAILED, "out of memory");
	for (i = 0; i < symbols->entries_n; i++)
		symbols->names[i] = &symbols->entries[i];
	qsort(symbols->names, symbols->entries_n, sizeof(*symbols->names),
	      by_name);
}

bool entry_address(struct symbols *symbols, const char *name, uint64_t *address)
{
	struct entry key = {.name = name}, *wanted = &key, **found;

	if (!symbols->entries_read)
		entries_read(symbols);
	if (!symbols->names)
		names_sort(symbols);
	found = bsearch(&wanted, symbols->names, symbols->entries_n,
			sizeof(*symbols->names), by_name);
	if (!found || (*found)->object)
		return false;
	*address = (*found)->start;
	return true;
}
