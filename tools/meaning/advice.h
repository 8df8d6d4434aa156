/*
 * What to write so that a cycle is freed, in the words of its language.
 */
#ifndef ADVICE_H
#define ADVICE_H

struct finding;
struct report;

/* One sentence about the cut, in the report's memory; NULL: there is none.
 * Where it is not known whether the cut holds a count, it is for the case that
 * it does. After members_arrange(). */
const char *cut_advise(struct report *report, const struct finding *finding);

#endif
