/* See reached.h. */
#include "base/list.h"
#include "base/rows.h"
#include "scan/reached.h"

/* Of a block to which a root leads. */
struct root_word {
	uint64_t number, at;
};

struct reached reached;

static uint32_t *from_of(uint32_t number)
{
	return (uint32_t *)reached.from.list + number;
}

bool reached_add(uintptr_t block, uintptr_t at, uint32_t from)
{
	struct root_word word = {reached.block.n, at};

	return list_add(&reached.block, &block, sizeof block) &&
	       list_add(&reached.from, &from, sizeof from) &&
	       (from != REACHED_ROOT ||
		list_add(&reached.word, &word, sizeof word));
}

uintptr_t reached_word(uint32_t number)
{
	const struct root_word *words = reached.word.list;

	return words[rows_find(words, sizeof *words, reached.word.n, number)]
		.at;
}

uint32_t reached_turn(uint32_t number, uint32_t *by)
{
	uint32_t next = UINT32_MAX, back = *from_of(number);

	for (; back < REACHED_DECREE; number = back, back = *from_of(number)) {
		*from_of(number) = next;
		next = number;
	}
	*from_of(number) = next;
	*by = back;
	return number;
}

void reached_turn_back(uint32_t first, uint32_t by)
{
	uint32_t next;

	for (; first != UINT32_MAX; first = next) {
		next = *from_of(first);
		*from_of(first) = by;
		by = first;
	}
}

void reached_free(void)
{
	list_free(&reached.block, sizeof(uintptr_t));
	list_free(&reached.from, sizeof(uint32_t));
	list_free(&reached.word, sizeof(struct root_word));
}
