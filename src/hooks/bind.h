/*
 * Modules that the loader binds past our hooks: opened with RTLD_DEEPBIND they
 * look for malloc and free among their own libraries first, and find libc's.
 */
#ifndef BIND_H
#define BIND_H

#include <stdbool.h>
#include <stdint.h>

/* What is loaded before a module is opened. Inside the guard. */
#define BIND_MODULES 4096
struct bind_before {
	uint32_t n;
	uintptr_t base[BIND_MODULES];
};
void bind_note(struct bind_before *before);
/* After it: what has been loaded since calls our hooks where it would call the
 * function that they stand for. */
void bind_new(void *handle, const struct bind_before *before);

#endif
