/* See apart.h. */
#include <errno.h>
#include "base/list.h"
#include "base/rows.h"
#include "scan/apart.h"
#include "scan/blocks.h"

bool apart_exist;
static struct list noted; /* uintptr_t, ascending */

int apart_note(uintptr_t block)
{
	return list_add(&noted, &block, sizeof block) ? 0 : -ENOMEM;
}

void apart_settle(void)
{
	uintptr_t *list = noted.list;
	uint32_t i, n = 0;

	for (i = 0; i < noted.n; i++) {
		struct place place = blocks_place(list[i]);

		if (place.cell->strong & place.bit)
			list[n++] = list[i];
	}
	noted.n = n;
}

void apart_unmark(void)
{
	const uintptr_t *list = noted.list;
	uint32_t i;

	for (i = 0; i < noted.n; i++) {
		struct place place = blocks_place(list[i]);

		place.cell->strong &= ~place.bit;
	}
	apart_exist = noted.n;
}

bool apart_has(uintptr_t block)
{
	return apart_exist && rows_has(noted.list, noted.n, block);
}

void apart_each(void (*visit)(uintptr_t block))
{
	const uintptr_t *list = noted.list;
	uint32_t i;

	for (i = 0; apart_exist && i < noted.n; i++) {
		struct place place = blocks_place(list[i]);

		if (!(place.cell->strong & place.bit))
			visit(list[i]);
	}
}
