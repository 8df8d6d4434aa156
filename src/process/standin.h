/*
 * Functions that stand in the place of a library's, so that the address which a
 * program has for one is another's.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdint.h>

typedef uintptr_t standin_fn(uintptr_t address);

/* Who puts them there tells what is behind an address; the address itself when
 * it is none of theirs. The same at each call. */
void standin_register(standin_fn *behind);
/* The function itself. Any thread. */
uintptr_t standin_behind(uintptr_t address);

#endif
