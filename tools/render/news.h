/*
 * What is new since a process was asked before.
 */
#ifndef NEWS_H
#define NEWS_H

struct page;

/* Prints it, if the process was. */
void news_print(const struct page *page);

#endif
