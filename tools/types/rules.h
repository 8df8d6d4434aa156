/*
 * What is known of the classes of C++'s and Rust's libraries: which words own
 * what, and what of their insides programmers see.
 */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "model/type.h"

enum way {
	WAY_OPEN,      /* its fields are shown: a class of the program */
	WAY_HIDE,      /* its fields are shown without their names here */
	WAY_SHOW,      /* the same, but one name stands for all */
	WAY_POINTER,   /* it is one reference to something */
	WAY_CONTAINER, /* its words lead to its buffers or nodes */
	WAY_NODE,      /* its words lead to others of the same type */
	WAY_ARGUMENT,  /* it is storage of what its argument names */
	WAY_HELD,      /* a control block: what it holds is the object */
	WAY_APART,     /* a control block apart from what it holds */
};

struct rule {
	const char *head; /* without arguments; "*X": X in any namespace */
	enum way way;
	enum ownership ownership;
	int argument; /* of the template: what it leads to or holds; -1: what
			 its pointers say */
	size_t at;    /* where it holds it */
	/* Its user's name for it; or what WAY_SHOW shows. %0 is the first
	 * argument. NULL: see whose part it is. */
	const char *name;
	/* Whole names of nodes, of which the file has one, separated by |. */
	const char *nodes;
};

/* Never NULL. */
const struct rule *rule_of(const struct type *type);
/* The same for a class that only a name tells of. */
const struct rule *rule_of_name(const char *full);
/* The argument's text in "app::Map<A, B>"; false: there is none. */
bool argument_text(const char *full, size_t i, const char **text, size_t *n);
/* The text with %0 to %9 replaced by the arguments of full, in the report's
 * memory; NULL: there is no such argument. */
const char *rule_text(struct report *report, const char *text, size_t n,
		      const char *full);
/* A class that only the library's own sources name: a node, a control block; a
 * table of pointers to such. */
bool type_is_inside(const struct type *type);

#endif
