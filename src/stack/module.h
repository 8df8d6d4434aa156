/*
 * Modules (executable, shared objects) in which frames were seen, also after
 * they were unloaded: index → path, build-id, place. An index is never given to
 * another module, even at the same address. The same module (by name and
 * build-id) in the same place gets its old index again.
 */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Indices are less than this. Modules beyond it have none. */
#define MODULE_MAX 65536u

struct module {
	const char *path;     /* as the loader knows it; "" for none */
	uintptr_t start, end; /* where it was mapped */
	uintptr_t bias;	      /* address minus ELF virtual address */
	uint8_t build_id[20]; /* as bytes; build_id_n is 0 when it has none */
	uint8_t build_id_n;
	const uint8_t *eh_frame_hdr; /* while it is mapped; NULL: has none */
};

/* The module with that index (1..module_count()-1), valid for ever. */
const struct module *module_get(uint32_t index);
uint32_t module_count(void);
/* The live module that contains address: its index, or 0. Registers it when
 * it is new. Takes a lock of ours, none of the loader's. */
uint32_t module_find(uintptr_t address);
/* Registers a module that is no file: its addresses are what the caller takes
 * them to be. 0 when there can be no more. */
uint32_t module_pseudo(const char *name);
/* In the child: from now on only registered modules are found. The loader is
 * not asked, since its memory may be gone. */
void module_freeze(void);
/* After dlclose: modules that are gone are never found again, and unwinding
 * rules for their addresses are dropped. */
void module_unloaded(void);
/* Goes up whenever modules change: what was learnt of their code before is then
 * void. */
extern uint64_t module_generation __attribute__((visibility("hidden")));
/* How many bytes can be read from address on, by the module's program headers;
 * 0 when address is in no readable segment of it. */
size_t module_readable(uint32_t index, uintptr_t address);
/* Whether it is the executable. */
bool module_is_program(uint32_t index);
/* For fork(2) in a threaded program: holds the lock, and drops it in parent and
 * child. */
void module_fork_prepare(void);
void module_fork_done(void);

#endif
