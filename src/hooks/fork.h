/*
 * fork in one place: which locks are held over it, what the child begins anew.
 */
#ifndef FORK_H
#define FORK_H

#include <stdbool.h>
#include <stdint.h>

void fork_init(void);

/* The same for who copies the process past libc's fork, around one system call
 * that has no other stack, nor waits for its child. */
struct forking {
	bool followed;
	int32_t *place; /* family.h */
};
struct forking fork_begin(void);
/* Twice, in parent (also when it failed) and child; pid is what each was told.
 * Keeps errno. */
void fork_end(struct forking forking, long pid);

#endif
