/*
 * Findings of which the library cannot tell whether they are dead: live memory
 * has words that lead to their objects, no more than those count weak
 * references, and all others are in blocks of the finding. When the types say
 * which of the words inside are shared, and they are as many as the object
 * counts, the ones outside are weak.
 */
#ifndef UNDECIDED_H
#define UNDECIDED_H

struct blocks;
struct finding;
struct report;

/* Looks at the words of the sample. After pairs_find(), before anything is
 * guessed of them. */
void undecided_look(struct blocks *blocks);
/* Once the finding has its cause: it is certain, or lives. */
void undecided_settle(struct finding *finding);
/* Takes those that live out of the report. */
void undecided_drop(struct report *report);

#endif
