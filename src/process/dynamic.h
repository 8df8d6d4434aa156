/*
 * A loaded module by its dynamic section: its symbols, and the words through
 * which it calls others. Valid while the module is loaded, so inside a callback
 * of dl_iterate_phdr, which holds it.
 */
#ifndef DYNAMIC_H
#define DYNAMIC_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dynamic {
	uintptr_t base, low, high, relro_low, relro_high;
	uintptr_t data_low, data_high; /* segments that can be written */
	const ElfW(Dyn) * section;
	const ElfW(Sym) * symbols;
	const char *names;
	const char *soname; /* NULL: it has none */
	const uint32_t *hash;
	const uint16_t *versions; /* of its symbols; NULL: there are none */
	const ElfW(Verdef) * defined;
	const ElfW(Verneed) * needed;
	struct {
		const ElfW(Rela) * list;
		size_t n;
	} calls, data;
};

/* Reads the headers of a module. False when it has no symbols. */
bool dynamic_read(struct dynamic *module, const struct dl_phdr_info *info);
/* Of that only the soname, or NULL. *rpath becomes true where the module has
 * DT_RPATH. */
const char *dynamic_soname(const struct dl_phdr_info *info, bool *rpath);
/* Reads a dynamic section alone: module->base is set, nothing is known of
 * segments. */
void dynamic_read_section(struct dynamic *module, const ElfW(Dyn) * entry);

uint32_t dynamic_hash(const char *name);
/* The first symbol of that name after `after` (0 at first) that the module
 * defines; 0: there is none. */
uint32_t dynamic_find(const struct dynamic *module, const char *name,
		      uint32_t hash, uint32_t after);
/* The hash of a symbol's version, of those that the module defines, or needs;
 * 0: it has none. */
uint32_t dynamic_version(const struct dynamic *module, uint32_t symbol);
uint32_t dynamic_version_needed(const struct dynamic *module, uint32_t symbol);

/* Writes a word through which the module calls. Where the loader has made it
 * constant, its page is made so again. A word in a segment of code stays. */
void dynamic_write(const struct dynamic *module, uintptr_t *slot, uintptr_t to);

#endif
