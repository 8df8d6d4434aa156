/* See ages.h. */
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "scan/ages.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/marked.h"
#include "scan/root.h"

static const struct ages *asked;

uint32_t ages_number(const struct ages *ages, uintptr_t block)
{
	uint32_t stack = heap_stack(blocks_word(block));

	return stack < ages->stacks ? ages->of_stack[stack] : 0;
}

static void look(uintptr_t block)
{
	uint32_t number = ages_number(asked, block);
	struct heap_word word;
	struct age *age;
	uint32_t recent;

	if (!number)
		return;
	word = blocks_word(block);
	age = &asked->age[number];
	age->n++;
	age->bytes += heap_size(block, word);
	age->old += heap_epoch(word) <= asked->epoch;
	recent = heap_epoch(word) < asked->now ? heap_epoch(word) + 1u : 0;
	if (age->newest && recent < age->recent)
		return;
	age->newest = block;
	age->recent = recent;
}

void ages_look(const struct roots *roots, const struct ages *ages)
{
	asked = ages;
	marked_each(roots, look);
	apart_each(look); /* mostly they live */
}
