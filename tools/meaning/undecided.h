/*
 * Findings of which the library cannot tell whether they are dead. Live memory
 * has words that lead to their objects. An object has no more such words than
 * weak references, and all its other references are in blocks of the finding.
 * The types tell which of the words inside are shared. When these are as many
 * as the object counts, the words outside are weak.
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
