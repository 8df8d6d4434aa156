/*
 * The function that an instruction calls.
 */
#ifndef SITE_CALLEE_H
#define SITE_CALLEE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct walk;

struct callee {
	const char *name; /* mangled; NULL: it is not known */
	Dwarf_Die entry;  /* addr NULL: it is not described */
	uint64_t address; /* in the module; 0: it is elsewhere */
};

/* What begins at the address of the module's code. */
void callee_at(struct walk *walk, uint64_t target, struct callee *callee);
/* What the word at the address leads to. */
void callee_in(struct walk *walk, uint64_t word, struct callee *callee);
/* What the call is to whose last byte is at the address. */
void callee_called(struct walk *walk, uint64_t address, struct callee *callee);
/* What debug information says of the call after which `back` comes; nothing
 * changes when it says nothing. */
void callee_told(struct walk *walk, uint64_t back, struct callee *callee);

/* Which parameter of the function, from 1, the Nth integer register of a call
 * is, from 0; *entry is its entry. 0: it is none, or that cannot be told. */
unsigned parameter_in(Dwarf_Die *function, unsigned nth, Dwarf_Die *entry);
/* Which register has the function's Nth parameter, from 1. False: it is not
 * known. */
bool parameter_register(Dwarf_Die *function, unsigned nth, unsigned *reg);

/* It returns its first argument. */
bool callee_returns_first(const struct callee *callee);
/* It returns its second one: C++'s new at a place. */
bool callee_returns_second(const struct callee *callee);
/* It does not come back. */
bool callee_ends(const struct callee *callee);
/* It gives the block back that its first argument is. */
bool callee_frees(const struct callee *callee);

/* The registers of arguments, in order. */
extern const unsigned char argument_registers[6];

#endif
