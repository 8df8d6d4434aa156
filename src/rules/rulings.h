/*
 * All rules that hold in this process: those of files that the options name,
 * and of those that are shipped, the ones whose library is loaded.
 *
 * Written in the constructor, and where modules are looked through, by one
 * thread at a time. Rulings are only added, and are read without a lock.
 */
#ifndef RULINGS_H
#define RULINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/statement.h"

#define RULINGS_MOST 4096

struct ruling {
	enum statement_kind kind;
	const char *name;    /* function or symbol */
	const char *library; /* whose; NULL: any module's */
	const char *type;    /* interned; NULL: not said */
	uint32_t hash;	     /* of name, dynamic_hash() */
	uint32_t arg, offset, bits;
};

/* The rulings in order; *n of them. */
const struct ruling *rulings_all(uint32_t *n);
/* Adds those of a text. refuse is called for each line that is refused, with
 * data. */
void rulings_read(const char *text, size_t n,
		  void (*refuse)(uint32_t line, const char *why, void *data),
		  void *data);
/* A library of that name is loaded: adds what is shipped for it, once. */
void rulings_know(const char *name);
/* Whether a module's name is that of a library, or that and a version: as
 * libfoo.so.2 is libfoo.so. */
bool rulings_is_library(const char *name, const char *library);

#endif
