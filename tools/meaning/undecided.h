/*
 * Findings of which the library cannot tell whether they are dead: live memory
 * has as many words that lead to their objects as those count weak references,
 * and the blocks of the finding have as many as they count shared ones. When
 * the types say that the words inside are shared, so that they are all of
 * these, the ones outside are weak.
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
