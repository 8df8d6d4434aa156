/*
 * Stacks for signals. Each thread that has a record gets one of ours, so that
 * the frame of a stop lies on no stack of the program's: that may be small, in
 * a block, or shared with another thread. The program is told what it has set
 * itself (hooks_altstack.c), and its handlers run where they would without us
 * (onstack.h).
 */
#ifndef ALTSTACK_H
#define ALTSTACK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define ALTSTACK_SIZE (64 << 10)

/* Room for one, of a record; NULL when memory is short. With the lock of the
 * records held. */
char *altstack_room(void);
/* The calling thread's from now on, unless the program has set one past our
 * hooks; programs: what the program believes in. stack may be NULL. */
void altstack_give(char *stack, stack_t *programs);
/* NULL has nothing. */
bool altstack_has(const char *stack, uintptr_t sp);

#endif
