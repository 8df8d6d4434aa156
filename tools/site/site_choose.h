/*
 * Which of the candidates is the type of a block.
 */
#ifndef SITE_CHOOSE_H
#define SITE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct found;
struct site;

/* False: none of them fits. */
bool site_choose(const struct found *found, size_t n, uint64_t size,
		 struct site *site);

#endif
