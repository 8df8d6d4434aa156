/*
 * Frames that an optimizing compiler left out: a call that ends a function is
 * made a jump, so that the function is no longer on the stack. Where debug
 * information describes the calls, they can be found again.
 */
#ifndef TAILS_H
#define TAILS_H

struct report;
struct stack;

/* Puts the missing frames into the stack, whose places are known; those of new
 * frames are not. What could have gone two ways stays out. Does nothing the
 * second time. */
void tails_find(struct report *report, struct stack *stack);

#endif
