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
#include "base/arena.h"
#include "hooks/bind.h"
#include "process/dynamic.h"

#define HOOKS 1024

/* Indexed by the number of a hook among our symbols. */
struct binding {
	const struct bind_before *before;
	struct dynamic ours;
	uintptr_t next[HOOKS];	 /* what our hook calls */
	uintptr_t theirs[HOOKS]; /* what the new modules are to call */
};

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
	hook = dynamic_find(&b->ours, name, dynamic_hash(name), 0);
	if (hook && hook < HOOKS && leads_past(b, module, *slot, hook))
		dynamic_write(module, slot,
			      b->ours.base + b->ours.symbols[hook].st_value);
}

static void bind_module(const struct binding *b, const struct dynamic *module)
{
	size_t i;

	for (i = 0; i < module->calls.n; i++)
		bind_one(b, module, &module->calls.list[i]);
	for (i = 0; i < module->data.n; i++)
		bind_one(b, module, &module->data.list[i]);
}

static int visit(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct binding *b = data;
	struct dynamic module;
	unsigned i;

	(void)size;
	for (i = 0; i < b->before->n; i++)
		if (b->before->base[i] == info->dlpi_addr)
			return 0;
	if (dynamic_read(&module, info))
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
		dynamic_read_section(&b->ours, _DYNAMIC);
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
