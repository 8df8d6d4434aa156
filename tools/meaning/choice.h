/*
 * The cut of a cycle: the reference that the programmer can make weak, so that
 * the cycle is freed, and a ring that is drawn because it holds the cut.
 */
#ifndef CHOICE_H
#define CHOICE_H

struct blocks;

/* Fills cut, cut_reason, ring, and the head of a cycle. After cause_find(). */
void cut_find(struct blocks *blocks);

#endif
