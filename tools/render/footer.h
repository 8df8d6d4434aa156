/*
 * What stands below the findings.
 */
#ifndef FOOTER_H
#define FOOTER_H

struct page;

/* Warnings, what is unknown, and the line that sums up. */
void footer_print(const struct page *page);

#endif
