/*
 * The functions behind a module's own, as dlsym(RTLD_NEXT) finds them, read
 * from the modules' own tables. dlsym takes ten times as long, which a program
 * that runs for a millisecond notices, and it may allocate.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOLS_MODULES 64

struct symbols {
	uint32_t n;
	struct symbols_module {
		uintptr_t bias;
		const void *symbols;
		const char *names;
		const uint16_t *versions; /* NULL: there are none */
		const uint64_t *bloom;
		const uint32_t *buckets, *chain;
		uint32_t buckets_n, first, bloom_mask, bloom_shift;
	} module[SYMBOLS_MODULES];
};

struct link_map;

/* Whether the module has an address for the function that it calls by that
 * name, but not the function: where the address is taken in a program that is
 * no PIE, all modules take it to be there. */
bool symbols_only_calls(const struct link_map *map, const char *name);
/* Finds the modules that the loader searches after the one in which `ours` is.
 * False when it may search one of them in another way. Valid only before dlopen
 * is called. */
bool symbols_begin(struct symbols *symbols, const void *ours);
/* False when the loader has to be asked. *address is NULL when no module has
 * that name. */
bool symbols_find(const struct symbols *symbols, const char *name,
		  void **address);

/* A module that exports a name, and where it is in memory. */
struct symbols_owner {
	struct symbols_module module;
	uintptr_t low, high;
	bool is_program; /* it is the executable */
};
/* Finds the first module in the loader's list that exports `name`, also one
 * that was opened later. False: there is none. Only while no thread opens or
 * closes modules: in the snapshot child, where the list may be half changed,
 * the search ends at the change. */
bool symbols_owner(struct symbols_owner *out, const char *name);
/* Where the module has what it exports by that name; 0: it exports no such
 * function or variable. */
uintptr_t symbols_address(const struct symbols_owner *owner, const char *name);
/* The same, with where the code or variable ends; *end is 0 with it. */
uintptr_t symbols_range(const struct symbols_owner *owner, const char *name,
			uintptr_t *end);
/* Calls visit for each function that the module exports, in no order. The name
 * is valid while the module is there. */
typedef void symbols_function_fn(const char *name, uintptr_t low,
				 uintptr_t high, void *data);
void symbols_functions(const struct symbols_owner *owner,
		       symbols_function_fn *visit, void *data);

#endif
