/*
 * See symbols.h. The order is that of the loader's list, where the modules of
 * the start stand in the order of search. The version of a name is chosen as
 * glibc's do_lookup_x() and check_match() do when none is asked for. Nothing is
 * called, nothing is written.
 */
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include "process/symbols.h"

#define HIDDEN 0x8000
#define LISTED 65536 /* modules: no list is longer */
#define TYPES                                                                  \
	(1 << STT_NOTYPE | 1 << STT_OBJECT | 1 << STT_FUNC | 1 << STT_COMMON | \
	 1 << STT_TLS | 1 << STT_GNU_IFUNC)

/* The loader writes addresses in place of offsets, in modules that it may write
 * to. */
static const void *place(const struct link_map *map, uintptr_t value)
{
	return (const void *)(value < map->l_addr ? value + map->l_addr
						  : value);
}

static void read_hash(struct symbols_module *m, const uint32_t *table)
{
	m->buckets_n = table[0];
	m->first = table[1];
	m->bloom_mask = table[2] - 1;
	m->bloom_shift = table[3];
	m->bloom = (const uint64_t *)(table + 4);
	m->buckets = (const uint32_t *)(m->bloom + table[2]);
	m->chain = m->buckets + m->buckets_n;
}

/* False when the module has another kind of table, or stands in for other
 * modules. */
static bool read_module(struct symbols_module *m, const struct link_map *map)
{
	const ElfW(Dyn) *entry = map->l_ld;

	*m = (struct symbols_module){.bias = map->l_addr};
	for (; entry->d_tag != DT_NULL; entry++)
		switch (entry->d_tag) {
		case DT_SYMTAB:
			m->symbols = place(map, entry->d_un.d_ptr);
			break;
		case DT_STRTAB:
			m->names = place(map, entry->d_un.d_ptr);
			break;
		case DT_VERSYM:
			m->versions = place(map, entry->d_un.d_ptr);
			break;
		case DT_GNU_HASH:
			read_hash(m, place(map, entry->d_un.d_ptr));
			break;
		case DT_FILTER:
		case DT_AUXILIARY:
			return false;
		}
	return m->symbols && m->names && m->buckets_n;
}

/* The kernel's module is in the list, but is not searched. */
static bool is_kernels(const struct link_map *map)
{
	return map->l_addr && map->l_addr == getauxval(AT_SYSINFO_EHDR);
}

bool symbols_begin(struct symbols *symbols, const void *ours)
{
	struct dl_find_object found;
	const struct link_map *map;

	symbols->n = 0;
	if (_dl_find_object((void *)ours, &found))
		return false;
	for (map = found.dlfo_link_map->l_next; map; map = map->l_next)
		if (!is_kernels(map) &&
		    (symbols->n == SYMBOLS_MODULES || !map->l_ld ||
		     !read_module(&symbols->module[symbols->n++], map)))
			return false;
	return symbols->n > 0;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

static bool may_have(const struct symbols_module *m, uint32_t hash)
{
	uint64_t word = m->bloom[hash / 64 & m->bloom_mask];

	return word >> hash % 64 & word >> (hash >> m->bloom_shift) % 64 & 1;
}

static bool is_called(const struct symbols_module *m, const ElfW(Sym) * symbol,
		      const char *name)
{
	return (symbol->st_value || symbol->st_shndx == SHN_ABS) &&
	       TYPES >> ELF64_ST_TYPE(symbol->st_info) & 1 &&
	       !strcmp(m->names + symbol->st_name, name);
}

/* The symbol without a version, or the only one that is not hidden. */
static const ElfW(Sym) *
	look(const struct symbols_module *m, const char *name, uint32_t hash)
{
	const ElfW(Sym) *symbols = m->symbols, *found = NULL;
	uint32_t i, n = 0;

	if (!may_have(m, hash))
		return NULL;
	i = m->buckets[hash % m->buckets_n];
	if (!i)
		return NULL;
	for (;; i++) {
		uint32_t link = m->chain[i - m->first];

		if (!((link ^ hash) >> 1) && is_called(m, &symbols[i], name)) {
			if (!m->versions || (m->versions[i] & ~HIDDEN) < 2)
				return &symbols[i];
			if (!(m->versions[i] & HIDDEN) && !n++)
				found = &symbols[i];
		}
		if (link & 1)
			return n == 1 ? found : NULL;
	}
}

uintptr_t symbols_range(const struct symbols_owner *owner, const char *name,
			uintptr_t *end)
{
	const ElfW(Sym) *symbol = look(&owner->module, name, hash_of(name));
	uint32_t type = symbol ? ELF64_ST_TYPE(symbol->st_info) : STT_TLS;

	*end = 0;
	if (type == STT_TLS || type == STT_GNU_IFUNC ||
	    symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS)
		return 0;
	*end = symbol->st_value + owner->module.bias + symbol->st_size;
	return symbol->st_value + owner->module.bias;
}

uintptr_t symbols_address(const struct symbols_owner *owner, const char *name)
{
	uintptr_t end;

	return symbols_range(owner, name, &end);
}

static void visit_function(const struct symbols_module *m, uint32_t i,
			   symbols_function_fn *visit, void *data)
{
	const ElfW(Sym) *symbol = (const ElfW(Sym) *)m->symbols + i;
	uintptr_t low = symbol->st_value + m->bias;

	if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
	    symbol->st_shndx != SHN_UNDEF)
		visit(m->names + symbol->st_name, low, low + symbol->st_size,
		      data);
}

void symbols_functions(const struct symbols_owner *owner,
		       symbols_function_fn *visit, void *data)
{
	const struct symbols_module *m = &owner->module;
	uint32_t b, i;

	for (b = 0; b < m->buckets_n; b++) {
		i = m->buckets[b];
		if (!i)
			continue;
		do
			visit_function(m, i, visit, data);
		while (!(m->chain[i++ - m->first] & 1));
	}
}

/* The loader's list, from its first module. */
static const struct link_map *first_module(void)
{
	struct dl_find_object found;
	const struct link_map *map;
	uint32_t i = 0;

	if (_dl_find_object((void *)first_module, &found))
		return NULL;
	map = found.dlfo_link_map;
	while (map->l_prev && i++ < LISTED)
		map = map->l_prev;
	return map;
}

bool symbols_owner(struct symbols_owner *out, const char *name)
{
	const struct link_map *map = first_module();
	struct dl_find_object found;
	uintptr_t address;
	uint32_t i;

	for (i = 0; map && i < LISTED; map = map->l_next, i++) {
		if (is_kernels(map) || !map->l_ld ||
		    !read_module(&out->module, map))
			continue;
		address = symbols_address(out, name);
		if (!address || _dl_find_object((void *)address, &found))
			continue;
		out->low = (uintptr_t)found.dlfo_map_start;
		out->high = (uintptr_t)found.dlfo_map_end;
		out->is_program = !map->l_prev;
		return true;
	}
	return false;
}

bool symbols_find(const struct symbols *symbols, const char *name,
		  void **address)
{
	uint32_t hash = hash_of(name), i;

	*address = NULL;
	for (i = 0; i < symbols->n; i++) {
		const struct symbols_module *m = &symbols->module[i];
		const ElfW(Sym) *symbol = look(m, name, hash);
		uint32_t type, bind;

		if (!symbol)
			continue;
		type = ELF64_ST_TYPE(symbol->st_info);
		bind = ELF64_ST_BIND(symbol->st_info);
		if (type == STT_GNU_IFUNC || type == STT_TLS ||
		    (bind != STB_GLOBAL && bind != STB_WEAK))
			return false;
		*address =
			(void *)(symbol->st_value +
				 (symbol->st_shndx == SHN_ABS ? 0 : m->bias));
		return true;
	}
	return true;
}

bool symbols_only_calls(const struct link_map *map, const char *name)
{
	struct symbols_module module;
	const ElfW(Sym) * symbol;

	if (!map->l_ld || !read_module(&module, map))
		return false;
	symbol = look(&module, name, hash_of(name));
	return symbol && symbol->st_shndx == SHN_UNDEF;
}
