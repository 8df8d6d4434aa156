/*
 * See redirect.h. The loader's list is walked by dl_iterate_phdr, which keeps
 * modules from going meanwhile. Nothing here asks the loader anything else.
 */
#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include "base/large.h"
#include "process/dynamic.h"
#include "process/standin.h"
#include "rules/ranged.h"
#include "rules/redirect.h"
#include "rules/rulings.h"
#include "rules/stubs.h"
#include "rules/targets.h"

#define MODULES 4096

/* Modules that were looked through, by their dynamic section. */
static struct seen {
	const void *section;
	bool is_here;
} seen[MODULES] LARGE;
static uint32_t seen_n;

static uint32_t busy;  /* a thread looks; 2: and is to look again */
static bool has_paths; /* a library says where others are (DT_RPATH) */

static const char *name_of(const char *soname, const struct dl_phdr_info *info)
{
	const char *slash;

	if (soname)
		return soname;
	slash = strrchr(info->dlpi_name, '/');
	return slash ? slash + 1 : info->dlpi_name;
}

static int know(struct dl_phdr_info *info, size_t size, void *data)
{
	bool rpath = false;

	(void)size;
	(void)data;
	rulings_know(name_of(dynamic_soname(info, &rpath), info));
	has_paths |= rpath && *info->dlpi_name;
	return 0;
}

static int add_targets(struct dl_phdr_info *info, size_t size, void *data)
{
	struct dynamic module;

	(void)size;
	(void)data;
	if (!dynamic_read(&module, info))
		return 0;
	targets_add(&module, name_of(module.soname, info));
	ranged_add(&module, name_of(module.soname, info));
	return 0;
}

/* True when it was seen before. */
static bool see(const void *section)
{
	uint32_t i;

	for (i = 0; i < seen_n; i++)
		if (seen[i].section == section)
			return seen[i].is_here = true;
	if (seen_n < MODULES)
		seen[seen_n++] = (struct seen){section, true};
	return false;
}

static void see_begin(void)
{
	uint32_t i;

	for (i = 0; i < seen_n; i++)
		seen[i].is_here = false;
}

static void see_end(void)
{
	uint32_t i, n = 0;

	for (i = 0; i < seen_n; i++)
		if (seen[i].is_here)
			seen[n++] = seen[i];
	seen_n = n;
}

/* Where a word leads. A call that is not bound yet leads back into the
 * module. */
static uint32_t target_led(const struct dynamic *module, uint32_t symbol,
			   const char *name, uint32_t hash, uintptr_t value)
{
	if (value >= module->low && value < module->high)
		return target_meant(name, hash,
				    dynamic_version_needed(module, symbol));
	return target_at(name, hash, value);
}

static void redirect_one(const struct dynamic *module, const ElfW(Rela) * rela)
{
	uint32_t i = ELF64_R_SYM(rela->r_info), hash, target;
	uint32_t type = ELF64_R_TYPE(rela->r_info);
	uintptr_t *slot = (uintptr_t *)(module->base + rela->r_offset);
	const char *name;

	if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT &&
	     type != R_X86_64_64) ||
	    rela->r_addend || module->symbols[i].st_shndx != SHN_UNDEF)
		return;
	name = module->names + module->symbols[i].st_name;
	hash = dynamic_hash(name);
	if (!targets_have(name, hash))
		return;
	target = target_led(module, i, name, hash, *slot);
	if (target != TARGET_NONE)
		dynamic_write(module, slot, stub_address(target));
}

static int redirect(struct dl_phdr_info *info, size_t size, void *data)
{
	struct dynamic module;
	size_t i;

	(void)size;
	(void)data;
	if (!dynamic_read(&module, info) || see(module.section))
		return 0;
	for (i = 0; i < module.calls.n; i++)
		redirect_one(&module, &module.calls.list[i]);
	for (i = 0; i < module.data.n; i++)
		redirect_one(&module, &module.data.list[i]);
	return 0;
}

static void look(void)
{
	uint32_t n;

	dl_iterate_phdr(know, NULL);
	rulings_all(&n);
	if (!n)
		return;
	targets_begin();
	ranged_begin();
	dl_iterate_phdr(add_targets, NULL);
	if (!targets_n())
		return;
	standin_register(stub_behind);
	see_begin();
	dl_iterate_phdr(redirect, NULL);
	see_end();
}

/* A thread in a callback of the program's own may hold the loader's lock. So
 * nobody waits here. */
void redirect_look(void)
{
	uint32_t was = __atomic_exchange_n(&busy, 2, __ATOMIC_ACQ_REL);

	if (was)
		return;
	do {
		__atomic_store_n(&busy, 1, __ATOMIC_RELEASE);
		look();
		was = 1;
	} while (!__atomic_compare_exchange_n(
		&busy, &was, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

static int keep(struct dl_phdr_info *info, size_t size, void *data)
{
	unsigned i, k;

	(void)size;
	(void)data;
	for (i = 0; i < info->dlpi_phnum; i++)
		for (k = 0;
		     info->dlpi_phdr[i].p_type == PT_DYNAMIC && k < seen_n; k++)
			if ((uintptr_t)seen[k].section ==
			    info->dlpi_addr + info->dlpi_phdr[i].p_vaddr)
				seen[k].is_here = true;
	return 0;
}

void redirect_forget(void)
{
	uint32_t none = 0;

	if (!seen_n ||
	    !__atomic_compare_exchange_n(&busy, &none, 1, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	see_begin();
	dl_iterate_phdr(keep, NULL);
	see_end();
	if (__atomic_exchange_n(&busy, 0, __ATOMIC_ACQ_REL) == 2)
		redirect_look();
}

static bool has_path(const ElfW(Dyn) * entry)
{
	for (; entry->d_tag != DT_NULL; entry++)
		if (entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH)
			return true;
	return false;
}

bool redirect_may_open(const char *name, const void *caller)
{
	struct dl_find_object found;

	if (has_paths || strchr(name, '$'))
		return false;
	if (strchr(name, '/'))
		return true;
	return !_dl_find_object((void *)caller, &found) &&
	       !has_path(found.dlfo_link_map->l_ld);
}

void redirect_forked(void)
{
	busy = 0;
}
