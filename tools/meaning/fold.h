/*
 * Folds findings that mean the same into one.
 */
#ifndef FOLD_H
#define FOLD_H

struct report;

/* Gives each finding its id of meaning, in `nested` too, and adds up those that
 * have the same. What is folded into a finding stays in the list of its
 * next_piece. Of findings that differ in lines alone, the first has the id that
 * it would have without the others. */
void findings_fold(struct report *report);

#endif
