/*
 * Modules that the loader binds past our hooks. Opened with RTLD_DEEPBIND, they
 * look for malloc and free among their own libraries first, and find libc's.
 */
#ifndef BIND_H
#define BIND_H

#include <stdbool.h>
#include <stdint.h>

/* Notes what is loaded before a module is opened. Inside the guard. */
#define BIND_MODULES 4096
struct bind_before {
	uint32_t n;
	uintptr_t base[BIND_MODULES];
};
void bind_note(struct bind_before *before);
/* After that: modules loaded since call our hooks from now on, where they would
 * call the function behind a hook. */
void bind_new(void *handle, const struct bind_before *before);

#endif
