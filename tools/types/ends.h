/*
 * Where a way down through a type ends. For walk.c.
 */
#ifndef ENDS_H
#define ENDS_H

#include <stdbool.h>
#include <stddef.h>

struct leaf;
struct report;
struct rule;
struct type;

struct walk {
	struct report *report;
	const struct type *root;
	size_t n, steps;
	struct leaf *leaves;
};

/* What is known on the way to a word. */
struct way_down {
	char path[256];
	const char *smart;
	const struct rule *rule;   /* the class that decides, */
	const struct type *holder; /* and its type; or NULL */
	const char *field;	   /* the last field's own name */
	bool hides;		   /* the fields of this record are not named */
};

/* They add the word to the walk's leaves: a pointer; a word of a class of which
 * only the name is known; a number. */
void leaf_of_pointer(struct walk *walk, const struct type *type,
		     const struct way_down *way);
void leaf_of_declared(struct walk *walk, const struct way_down *way);
void leaf_of_number(struct walk *walk, const struct type *type,
		    const struct way_down *way);

#endif
