/*
 * Calls as debug information describes them.
 */
#ifndef CALLS_H
#define CALLS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

/* Whether the entry is a call; whether one that ends its function, and has been
 * made a jump. */
bool call_is(Dwarf_Die *entry);
bool call_is_jump(Dwarf_Die *call);
/* What is called, which may be a declaration. False: it is not told. */
bool call_target(Dwarf_Die *call, Dwarf_Die *target);
/* An address inside of the call. */
bool call_pc(Dwarf_Die *call, uint64_t *pc);
/* The call in the function after which pc + 1 comes. */
bool call_find(Dwarf_Die *function, uint64_t pc, Dwarf_Die *call);
/* Whether all jumps to functions of the module are described. */
bool calls_are_told(Dwarf_Die *function);

#endif
