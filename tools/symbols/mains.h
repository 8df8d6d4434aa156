/*
 * The program's main function, where its last call has become a jump: what
 * starts the program calls it by a pointer, so that no call names it.
 */
#ifndef MAINS_H
#define MAINS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>

struct stack;
struct symbols;

/* Whether frame number i, which is not the innermost, calls main functions:
 * that of C, or that of Rust. */
bool main_is_called(const struct stack *stack, size_t i, bool *is_rust);
/* Finds the main function of a program; that of a Rust program is none of C.
 * False: it is not described. */
bool main_find(struct symbols *symbols, bool is_rust, Dwarf_Die *function);

#endif
