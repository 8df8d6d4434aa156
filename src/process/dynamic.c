/* See dynamic.h. */
#include <string.h>
#include <sys/mman.h>
#include "base/sys.h"
#include "process/dynamic.h"

#define PAGE 4096ul
#define CHAIN_MOST 65536 /* versions of a module */

/* The loader writes addresses in place of offsets, in modules that it may write
 * to. */
static const void *place(uintptr_t base, uintptr_t p)
{
	return (const void *)(p < base ? base + p : p);
}

static void read_place(struct dynamic *d, const ElfW(Dyn) * entry)
{
	const void *p = place(d->base, entry->d_un.d_ptr);

	switch (entry->d_tag) {
	case DT_SYMTAB:
		d->symbols = p;
		break;
	case DT_STRTAB:
		d->names = p;
		break;
	case DT_GNU_HASH:
		d->hash = p;
		break;
	case DT_JMPREL:
		d->calls.list = p;
		break;
	case DT_RELA:
		d->data.list = p;
		break;
	case DT_VERSYM:
		d->versions = p;
		break;
	case DT_VERDEF:
		d->defined = p;
		break;
	case DT_VERNEED:
		d->needed = p;
		break;
	}
}

void dynamic_read_section(struct dynamic *d, const ElfW(Dyn) * entry)
{
	uintptr_t soname = 0;

	d->section = entry;
	for (; entry->d_tag != DT_NULL; entry++) {
		read_place(d, entry);
		if (entry->d_tag == DT_PLTRELSZ)
			d->calls.n = entry->d_un.d_val / sizeof(ElfW(Rela));
		else if (entry->d_tag == DT_RELASZ)
			d->data.n = entry->d_un.d_val / sizeof(ElfW(Rela));
		else if (entry->d_tag == DT_SONAME)
			soname = entry->d_un.d_val;
	}
	if (soname && d->names)
		d->soname = d->names + soname;
}

static void read_header(struct dynamic *module, const ElfW(Phdr) * header)
{
	uintptr_t low = module->base + header->p_vaddr;
	uintptr_t high = low + header->p_memsz;

	if (header->p_type == PT_DYNAMIC) {
		dynamic_read_section(module, (const ElfW(Dyn) *)low);
	} else if (header->p_type == PT_GNU_RELRO) {
		module->relro_low = low & -PAGE;
		module->relro_high = high & -PAGE;
	} else if (header->p_type == PT_LOAD) {
		module->low = low < module->low ? low : module->low;
		module->high = high > module->high ? high : module->high;
		if (!(header->p_flags & PF_W))
			return;
		module->data_low =
			low < module->data_low ? low : module->data_low;
		module->data_high =
			high > module->data_high ? high : module->data_high;
	}
}

bool dynamic_read(struct dynamic *module, const struct dl_phdr_info *info)
{
	unsigned i;

	*module = (struct dynamic){.base = info->dlpi_addr,
				   .low = UINTPTR_MAX,
				   .data_low = UINTPTR_MAX};
	for (i = 0; i < info->dlpi_phnum; i++)
		read_header(module, &info->dlpi_phdr[i]);
	return module->symbols && module->names;
}

const char *dynamic_soname(const struct dl_phdr_info *info, bool *rpath)
{
	const ElfW(Dyn) *entry = NULL;
	uintptr_t names = 0, soname = 0;
	unsigned i;

	for (i = 0; i < info->dlpi_phnum && !entry; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			entry = (const ElfW(Dyn) *)(info->dlpi_addr +
						    info->dlpi_phdr[i].p_vaddr);
	for (; entry && entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_STRTAB)
			names = entry->d_un.d_ptr;
		else if (entry->d_tag == DT_SONAME)
			soname = entry->d_un.d_val;
		else if (entry->d_tag == DT_RPATH)
			*rpath = true;
	}
	return soname && names
		       ? (const char *)place(info->dlpi_addr, names) + soname
		       : NULL;
}

uint32_t dynamic_hash(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

/* Whether the Bloom filter lets that hash pass. */
static bool may_have(const uint32_t *table, uint32_t hash)
{
	const uint64_t *bloom = (const uint64_t *)(table + 4);
	uint64_t word = bloom[hash / 64 & (table[2] - 1)];

	return word >> hash % 64 & word >> (hash >> table[3]) % 64 & 1;
}

static bool is_called(const struct dynamic *module, uint32_t i,
		      const char *name)
{
	const ElfW(Sym) *symbol = &module->symbols[i];

	return symbol->st_shndx != SHN_UNDEF && symbol->st_value &&
	       !strcmp(module->names + symbol->st_name, name);
}

uint32_t dynamic_find(const struct dynamic *module, const char *name,
		      uint32_t hash, uint32_t after)
{
	const uint32_t *table = module->hash; /* n, first, words, shift */
	const uint32_t *buckets, *chains;
	uint32_t i;

	if (!table || !table[0] || !table[2] || !may_have(table, hash))
		return 0;
	buckets = table + 4 + table[2] * 2;
	chains = buckets + table[0];
	for (i = buckets[hash % table[0]]; i >= table[1] && i; i++) {
		uint32_t chain = chains[i - table[1]];

		if (i > after && (chain | 1) == (hash | 1) &&
		    is_called(module, i, name))
			return i;
		if (chain & 1)
			break;
	}
	return 0;
}

#define VERSION_NUMBER 0x7fff

uint32_t dynamic_version(const struct dynamic *module, uint32_t symbol)
{
	const ElfW(Verdef) *def = module->defined;
	uint32_t number, n = 0;

	number = module->versions ? module->versions[symbol] & VERSION_NUMBER
				  : 0;
	if (number < 2)
		return 0;
	for (; def && n < CHAIN_MOST; n++) {
		if (def->vd_ndx == number)
			return def->vd_hash;
		def = def->vd_next
			      ? (const void *)((const char *)def + def->vd_next)
			      : NULL;
	}
	return 0;
}

static const ElfW(Vernaux) *
	needed_in(const ElfW(Verneed) * need, uint32_t number, uint32_t *n)
{
	const ElfW(Vernaux) *aux =
		(const void *)((const char *)need + need->vn_aux);

	for (; ++*n < CHAIN_MOST;) {
		if (aux->vna_other == number)
			return aux;
		if (!aux->vna_next)
			break;
		aux = (const void *)((const char *)aux + aux->vna_next);
	}
	return NULL;
}

uint32_t dynamic_version_needed(const struct dynamic *module, uint32_t symbol)
{
	const ElfW(Verneed) *need = module->needed;
	const ElfW(Vernaux) * aux;
	uint32_t number, n = 0;

	number = module->versions ? module->versions[symbol] & VERSION_NUMBER
				  : 0;
	if (number < 2)
		return 0;
	for (; need && n < CHAIN_MOST; n++) {
		aux = needed_in(need, number, &n);
		if (aux)
			return aux->vna_hash;
		need = need->vn_next ? (const void *)((const char *)need +
						      need->vn_next)
				     : NULL;
	}
	return 0;
}

void dynamic_write(const struct dynamic *module, uintptr_t *slot, uintptr_t to)
{
	uintptr_t page = (uintptr_t)slot & -PAGE;
	bool constant = (uintptr_t)slot >= module->relro_low &&
			(uintptr_t)slot < module->relro_high;

	if ((uintptr_t)slot < module->data_low ||
	    (uintptr_t)slot >= module->data_high)
		return;
	if (constant && sys(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE))
		return;
	__atomic_store_n(slot, to, __ATOMIC_RELEASE);
	if (constant)
		sys(SYS_mprotect, page, PAGE, PROT_READ);
}
