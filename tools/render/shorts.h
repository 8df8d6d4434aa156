/*
 * What is no alarm, as text.
 */
#ifndef SHORTS_H
#define SHORTS_H

struct page;
struct report;

/* Looks up names for what will be printed. */
void shorts_resolve(struct report *report);
void shorts_print(const struct page *page);

#endif
