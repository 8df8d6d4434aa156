/*
 * See take.h.
 */
#include "heap/take.h"

uint64_t take_number(struct take *take)
{
	uint64_t number = 0;
	unsigned shift;
	int c;

	for (shift = 0; shift < 64 && !take->bad; shift += 7) {
		c = getc_unlocked(take->file);
		if (c == EOF)
			break;
		number |= (uint64_t)(c & 127) << shift;
		if (!(c & 128))
			return number;
	}
	take->bad = true;
	return 0;
}

uint64_t take_below(struct take *take, uint64_t most)
{
	uint64_t number = take_number(take);

	if (number <= most)
		return number;
	take->bad = true;
	return 0;
}

void take_text(struct take *take)
{
	take->length = take_below(take, TEXT_MOST);
	if (take->length &&
	    fread(take->text, 1, take->length, take->file) != take->length) {
		take->bad = true;
		take->length = 0;
	}
	take->text[take->length] = '\0';
}
