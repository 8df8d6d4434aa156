/*
 * Stacks of a finding as text.
 */
#ifndef STACKS_H
#define STACKS_H

struct finding;
struct page;

/* Prints the stacks of all members, equal ones once. */
void stacks_print(const struct page *page, const struct finding *finding);
/* Prints the stacks that took a finding's references. */
void acquires_print(const struct page *page, const struct finding *finding);

#endif
