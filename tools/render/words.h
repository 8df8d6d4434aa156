/*
 * Every block and word of a finding's sample, as text.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

struct page;
struct picture;

/* False: there is nothing that is not said elsewhere. */
bool words_print(const struct page *page, const struct picture *picture);

#endif
