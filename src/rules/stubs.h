/*
 * The functions that stand in the place of ruled ones. Each is a fixed piece of
 * code with a number; none is made at run time.
 *
 * A stub tells stub_entered() (event.h) its number, and goes on to the function
 * that stub_entered() names, by a jump: with all registers and the stack as the
 * caller left them, so the function may be of any type. Where stub_entered()
 * sets `back`, the stub calls the function instead, and tells stub_left() what
 * it returned.
 */
#ifndef STUBS_H
#define STUBS_H

#include <stdint.h>

/* The address of the stub with that number, less than TARGETS_MOST. */
uintptr_t stub_address(uint32_t number);
/* The function for which the stub at that address stands; any other address
 * stands for itself. */
uintptr_t stub_behind(uintptr_t address);

#endif
