/*
 * The blocks that are undecided (undecided.h). While anything is marked they
 * are live as others; then they become nodes, to which no others lead.
 *
 * Snapshot child only.
 */
#ifndef APART_H
#define APART_H

#include <stdbool.h>
#include <stdint.h>

/* Notes a block that is not marked, in order of address. 0 or -ENOMEM. */
int apart_note(uintptr_t block) __attribute__((warn_unused_result));
/* Forgets those that are still not marked. */
void apart_settle(void);
/* Takes the marks of the others away. */
void apart_unmark(void);

/* Whether that was done; then, whether a block is one of them. */
extern bool apart_exist;
bool apart_has(uintptr_t block);
/* Calls visit for those that are nodes. */
void apart_each(void (*visit)(uintptr_t block));

#endif
