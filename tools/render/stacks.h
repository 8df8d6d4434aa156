/*
 * Stacks of a finding as text.
 */
#ifndef STACKS_H
#define STACKS_H

#include <stdbool.h>

struct page;
struct picture;

/* Prints the stacks of the members that are listed, equal ones once. */
void stacks_print(const struct page *page, const struct picture *picture,
		  bool heading);
/* Prints the stack that made the reference to cut, where a macro told it;
 * false: none did. */
bool link_print(const struct page *page, const struct picture *picture);
/* Prints the stacks that took a finding's references. */
void acquires_print(const struct page *page, const struct picture *picture);

#endif
