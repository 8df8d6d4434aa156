/*
 * Stacks for signals. Each thread that has a record gets one of ours, so that
 * the frame of a stop lies on no stack of the program's: that may be small, in
 * a block, or shared with another thread. sigaltstack tells the program what it
 * has set itself (hooks_altstack.c). Its handlers run where they would without
 * us (onstack.h).
 */
#ifndef ALTSTACK_H
#define ALTSTACK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define ALTSTACK_SIZE (64 << 10)

/* Room for the stack of a record; NULL when memory is short. With the lock of
 * the records held. */
char *altstack_room(void);
/* Makes it the calling thread's signal stack, unless the program has set one
 * past our hooks. programs becomes what the program believes is set. stack may
 * be NULL. */
void altstack_give(char *stack, stack_t *programs);
/* Whether sp is on that stack. stack may be NULL. */
bool altstack_has(const char *stack, uintptr_t sp);

#endif
