/*
 * Candidates: blocks for which counts decide whether they are dead although a
 * word still reaches them. Marking passes them by until the trial of their
 * counts has found those that are live.
 *
 * Snapshot child only.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Needs counts_build(). What is live by decree is no candidate. 0 or
 * -ENOMEM. */
int candidates_begin(struct arena *arena) __attribute__((warn_unused_result));
/* Whether there are any. */
extern bool candidates_exist;
/* A word of live memory points at the block. True when the block is a candidate
 * that waits for the trial, and is not to be marked. */
bool candidate_is_put_off(uintptr_t block);
/* Whether the block is a candidate that waits for the trial. */
bool candidate_is_open(uintptr_t block);
/* Finds which candidates are dead, by their counts and by what was seen to
 * point at them. 0 or -ENOMEM. */
int candidates_trial(struct arena *arena) __attribute__((warn_unused_result));
/* Calls enter for the candidates that the last trial has found live and at
 * which live memory points. They are to be marked. False when there are
 * none. */
bool candidates_enter(void (*enter)(uintptr_t block));
/* No trial follows: what the last one found dead is dead. */
void candidates_end(void);
/* Whether counts prove the block dead, whatever points at it. */
bool candidate_is_dead(uintptr_t block);

#endif
