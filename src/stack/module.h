/*
 * Modules (executable, shared objects) that frames were seen in, also after
 * they were unloaded: index → path, build-id, place. An index is never used
 * again for another module, even at the same address; the same one (by name
 * and build-id) in the same place has its old index again.
 */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Indices are less than this; a program that opens more loses the rest. */
#define MODULE_MAX 65536u

struct module {
	const char *path;     /* as the loader knows it; "" for none */
	uintptr_t start, end; /* where it was mapped */
	uintptr_t bias;	      /* address minus ELF virtual address */
	uint8_t build_id[20]; /* raw; build_id_n is 0 when it has none */
	uint8_t build_id_n;
	const uint8_t *eh_frame_hdr; /* while it is mapped; NULL: has none */
};

/* The module with that index (1..module_count()-1), valid for ever. */
const struct module *module_get(uint32_t index);
uint32_t module_count(void);
/* The live module that contains address: its index, or 0. Registers it when
 * it is new. Takes a lock of ours, none of the loader's. */
uint32_t module_find(uintptr_t address);
/* In the child: from now on only those that are registered are found, and the
 * loader, whose memory may be gone, is not asked. */
void module_freeze(void);
/* After dlclose: what is gone is never found again, and unwinding rules for
 * its addresses are dropped. */
void module_unloaded(void);
/* Goes up whenever modules change: what was learnt of their code before is
 * old. */
extern uint64_t module_generation __attribute__((visibility("hidden")));
/* How many bytes can be read from address on, by what the module's program
 * headers say; 0 when it is not in a readable segment of that module. */
size_t module_readable(uint32_t index, uintptr_t address);
/* Whether it is the executable. */
bool module_is_program(uint32_t index);
/* fork(2) in a threaded program: hold, and let go in parent and child. */
void module_fork_prepare(void);
void module_fork_done(void);

#endif
