/*
 * The stacks and modules of a record, to which its entries refer by number.
 */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct frame;
struct module;
struct place;
struct report;
struct stack;

/* Zeroed: there are none. */
struct lookup {
	struct module **modules;
	size_t modules_n;
	struct stack *stacks;
	size_t stacks_n;
	struct place *python; /* places in Python code */
	size_t python_n;
};

/* Takes the modules alone; modules and stacks. */
void modules_take(struct report *report, const json_t *record,
		  struct lookup *lookup);
void stacks_take(struct report *report, const json_t *record,
		 struct lookup *lookup);
/* Takes one stack. stack must be zeroed. */
void stack_take(struct report *report, const json_t *entry,
		const struct lookup *lookup, struct stack *stack);
/* False: the pair is no frame. */
bool frame_take(const json_t *pair, const struct lookup *lookup,
		struct frame *frame);
/* The stack whose index is the value of the entry's key `stack`, or NULL. */
struct stack *stack_at(const json_t *entry, const struct lookup *lookup);

#endif
