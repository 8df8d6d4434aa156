/*
 * Fields that evidently count references.
 */
#ifndef COUNTED_H
#define COUNTED_H

struct member;
struct report;

/* Fills count_field of a member whose type is known: a whole number with a name
 * like "refcount", which is between 1 and the number of words that lead to it.
 */
void count_field_find(struct report *report, struct member *member);

#endif
