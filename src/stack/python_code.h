/*
 * The code objects in which Python frames were seen, also after they are gone:
 * what is needed to name function, file and line is copied when one is first
 * seen. A frame's place is an address of the pseudo-module `python`: the number
 * of the code and of the instruction in it.
 */
#ifndef PYTHON_CODE_H
#define PYTHON_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "stack/python_layout.h"

#define PYTHON_UNIT_BITS 22
#define PYTHON_CODES_MAX (1u << 20)

/* What identifies a code object: its address may be used again. */
struct python_code_key {
	uintptr_t code, name, file, lines;
	int32_t first;
};

struct python_code_key python_code_key(const struct python_layout *layout,
				       uintptr_t code);
/* Whether the code there has that key. */
static inline bool python_code_is(const struct python_layout *layout,
				  uintptr_t code,
				  const struct python_code_key *key)
{
	const volatile char *at = (const volatile char *)code;

	return key->code == code &&
	       key->name == *(const volatile uintptr_t *)(at + layout->name) &&
	       key->file == *(const volatile uintptr_t *)(at + layout->file) &&
	       key->lines ==
		       *(const volatile uintptr_t *)(at + layout->lines) &&
	       key->first == *(const volatile int32_t *)(at + layout->first);
}

/* Its number, made when it is new; 0 when it is no code object, or memory is
 * short. The caller holds the interpreter's lock. Inside the guard; takes a
 * lock of ours. */
uint32_t python_code_number(const struct python_layout *layout,
			    const struct python_code_key *key);

struct python_place {
	const char *function, *file;
	int line, first; /* of the instruction, of the function; 0: unknown */
};
/* What is at an address of the pseudo-module. Any time, also when the
 * interpreter is gone. */
struct python_place python_place(uintptr_t address);
/* The same from run to run. */
uint64_t python_place_hash(uintptr_t address);

void python_code_fork_prepare(void);
void python_code_fork_done(void);

#endif
