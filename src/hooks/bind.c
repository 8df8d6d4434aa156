/*
 * See bind.h. No code is changed, only the words through which a module calls:
 * those that hold the very function that our hook would call next, and those
 * that are not bound yet and would come to hold it. Runs in the thread that has
 * opened the module, before that thread gets it. The module's constructors have
 * run by then.
 */
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/sys.h"
#include "hooks/bind.h"

#define PAGE 4096ul

#define HOOKS 1024

/* A module, by its dynamic section. */
struct dynamic {
	uintptr_t base, low, high, relro_low, relro_high;
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t *hash;
	struct {
		const ElfW(Rela) * list;
		size_t n;
	} calls, data;
};

/* Indexed by the number of a hook among our symbols. */
struct binding {
	const struct bind_before *before;
	struct dynamic ours;
	uintptr_t next[HOOKS];	 /* what our hook calls */
	uintptr_t theirs[HOOKS]; /* what the new modules are to call */
};

static const void *place(uintptr_t base, uintptr_t p)
{
	return (const void *)(p < base ? base + p : p);
}

static void read_dynamic(struct dynamic *d, const ElfW(Dyn) * entry)
{
	for (; entry->d_tag != DT_NULL; entry++) {
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
		case DT_PLTRELSZ:
			d->calls.n = entry->d_un.d_val / sizeof(ElfW(Rela));
			break;
		case DT_RELA:
			d->data.list = p;
			break;
		case DT_RELASZ:
			d->data.n = entry->d_un.d_val / sizeof(ElfW(Rela));
			break;
		}
	}
}

static uint32_t hash_of(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

/* The number of our hook of that name, by our own hash table; 0: there is
 * none. */
static uint32_t our_hook(const struct dynamic *ours, const char *name)
{
	const uint32_t *table = ours->hash; /* n, first, words, shift */
	const uint32_t *buckets = table + 4 + table[2] * 2;
	const uint32_t *chains = buckets + table[0];
	uint32_t h = hash_of(name), i = buckets[h % table[0]];

	for (; i >= table[1] && i < HOOKS; i++) {
		uint32_t chain = chains[i - table[1]];

		if ((chain | 1) == (h | 1) &&
		    !strcmp(ours->names + ours->symbols[i].st_name, name))
			return i;
		if (chain & 1)
			break;
	}
	return 0;
}

/* The loader is asked before its list is walked. It has a lock for each, and
 * takes them in the other order. */
static void look_up(struct binding *b, void *handle)
{
	const uint32_t *table = b->ours.hash;
	const uint32_t *buckets = table + 4 + table[2] * 2;
	uint32_t i, k;

	for (k = 0; k < table[0]; k++)
		for (i = buckets[k]; i >= table[1] && i < HOOKS; i++) {
			const char *name =
				b->ours.names + b->ours.symbols[i].st_name;

			b->next[i] = (uintptr_t)dlsym(RTLD_NEXT, name);
			if (b->next[i])
				b->theirs[i] = (uintptr_t)dlsym(handle, name);
			if ((buckets + table[0])[i - table[1]] & 1)
				break;
		}
	dlerror(); /* the program is to see none of it */
}

static void write_slot(const struct dynamic *module, uintptr_t *slot,
		       uintptr_t to)
{
	uintptr_t page = (uintptr_t)slot & -PAGE;
	bool constant = (uintptr_t)slot >= module->relro_low &&
			(uintptr_t)slot < module->relro_high;

	if (constant && sys(SYS_mprotect, page, PAGE, PROT_READ | PROT_WRITE))
		return;
	__atomic_store_n(slot, to, __ATOMIC_RELEASE);
	if (constant)
		sys(SYS_mprotect, page, PAGE, PROT_READ);
}

/* Whether a word leads past our hook. One that is not bound yet leads back into
 * the module. */
static bool leads_past(const struct binding *b, const struct dynamic *module,
		       uintptr_t value, uint32_t hook)
{
	if (value >= module->low && value < module->high)
		value = b->theirs[hook];
	return b->next[hook] && value == b->next[hook];
}

static void bind_one(const struct binding *b, const struct dynamic *module,
		     const ElfW(Rela) * rela)
{
	const ElfW(Sym) *symbol = &module->symbols[ELF64_R_SYM(rela->r_info)];
	uintptr_t *slot = (uintptr_t *)(module->base + rela->r_offset);
	uint32_t type = ELF64_R_TYPE(rela->r_info);
	const char *name = module->names + symbol->st_name;
	uint32_t hook;

	if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT &&
	     type != R_X86_64_64) ||
	    rela->r_addend || symbol->st_shndx != SHN_UNDEF)
		return;
	hook = our_hook(&b->ours, name);
	if (hook && leads_past(b, module, *slot, hook))
		write_slot(module, slot,
			   b->ours.base + b->ours.symbols[hook].st_value);
}

static void bind_module(const struct binding *b, const struct dynamic *module)
{
	size_t i;

	if (!module->symbols || !module->names)
		return;
	for (i = 0; i < module->calls.n; i++)
		bind_one(b, module, &module->calls.list[i]);
	for (i = 0; i < module->data.n; i++)
		bind_one(b, module, &module->data.list[i]);
}

static void read_header(struct dynamic *module, const ElfW(Phdr) * header)
{
	uintptr_t low = module->base + header->p_vaddr;
	uintptr_t high = low + header->p_memsz;

	if (header->p_type == PT_DYNAMIC) {
		read_dynamic(module, (const ElfW(Dyn) *)low);
	} else if (header->p_type == PT_GNU_RELRO) {
		module->relro_low = low & -PAGE;
		module->relro_high = high & -PAGE;
	} else if (header->p_type == PT_LOAD) {
		module->low = low < module->low ? low : module->low;
		module->high = high > module->high ? high : module->high;
	}
}

static int visit(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct binding *b = data;
	struct dynamic module = {.base = info->dlpi_addr, .low = UINTPTR_MAX};
	unsigned i;

	(void)size;
	for (i = 0; i < b->before->n; i++)
		if (b->before->base[i] == info->dlpi_addr)
			return 0;
	for (i = 0; i < info->dlpi_phnum; i++)
		read_header(&module, &info->dlpi_phdr[i]);
	bind_module(b, &module);
	return 0;
}

void bind_new(void *handle, const struct bind_before *before)
{
	struct binding *b = arena_map(sizeof *b);
	struct dl_find_object found;

	if (b && before->n < BIND_MODULES &&
	    !_dl_find_object((void *)_DYNAMIC, &found)) {
		b->before = before;
		b->ours.base = found.dlfo_link_map->l_addr;
		read_dynamic(&b->ours, _DYNAMIC);
		look_up(b, handle);
		dl_iterate_phdr(visit, b);
	}
	arena_unmap(b, sizeof *b);
}

static int note(struct dl_phdr_info *info, size_t size, void *data)
{
	struct bind_before *before = data;

	(void)size;
	if (before->n < BIND_MODULES)
		before->base[before->n++] = info->dlpi_addr;
	return 0;
}

void bind_note(struct bind_before *before)
{
	before->n = 0;
	dl_iterate_phdr(note, before);
}
