/*
 * Reads numbers and texts of an image, whoever wrote it. Once something is
 * wrong, all that follows is 0.
 */
#ifndef TAKE_H
#define TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_MOST 65536

struct take {
	FILE *file;
	bool bad;
	char text[TEXT_MOST + 1];
	size_t length; /* of the text that was taken last */
};

uint64_t take_number(struct take *take);
/* The same; more than most is wrong. */
uint64_t take_below(struct take *take, uint64_t most);
/* Into text, with a 0. */
void take_text(struct take *take);

#endif
