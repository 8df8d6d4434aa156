/*
 * fork, in one place: which locks are held over it, and what the child begins
 * anew.
 */
#ifndef FORK_H
#define FORK_H

#include <stdbool.h>
#include <stdint.h>

void fork_init(void);

/* The same for a copy of the process that is made past libc's fork: by one
 * system call that gets no other stack and does not wait for its child. */
struct forking {
	bool followed;
	int32_t *place; /* family.h */
};
struct forking fork_begin(void);
/* Called twice, in the parent (also when it failed) and in the child. pid is
 * what each was told. Keeps errno. */
void fork_end(struct forking forking, long pid);

#endif
