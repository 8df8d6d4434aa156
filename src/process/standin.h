/*
 * Functions that stand in for those of a library. A program that takes such a
 * function's address gets the stand-in's.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdint.h>

typedef uintptr_t standin_fn(uintptr_t address);

/* behind() gives the real function of a stand-in. It gives any other address
 * back, and the same result at each call. */
void standin_register(standin_fn *behind);
/* The real function for an address. Any thread. */
uintptr_t standin_behind(uintptr_t address);

#endif
