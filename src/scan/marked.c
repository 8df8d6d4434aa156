/* See marked.h. */
#include "base/bits.h"
#include "scan/blocks.h"
#include "scan/marked.h"
#include "scan/root.h"

bool marked_has_stack(const struct roots *roots, uintptr_t block)
{
	uint32_t i;

	for (i = 0; i < roots->stack_blocks; i++)
		if (roots->stack_block[i] == block)
			return true;
	return false;
}

static void each_of_cell(const struct roots *roots, const struct page *page,
			 uint32_t k, marked_fn *visit)
{
	uint64_t bits = page->cell[k].strong;

	for (; bits; bits &= bits - 1) {
		uintptr_t block = cell_address(page, k, __builtin_ctzl(bits));

		if (!marked_has_stack(roots, block))
			visit(block);
	}
}

void marked_each(const struct roots *roots, marked_fn *visit)
{
	uint32_t i, k;

	for (i = 0; i < blocks_pages_n; i++)
		for (k = 0; k < page_cells(blocks_pages[i]); k++)
			each_of_cell(roots, blocks_pages[i], k, visit);
}

uint64_t marked_left(void)
{
	uint64_t n = 0;
	uint32_t i, k;

	for (i = 0; i < blocks_pages_n; i++) {
		const struct page *page = blocks_pages[i];

		for (k = 0; k < page_cells(page); k++)
			n += count_bits(page->cell[k].begins &
					~page->cell[k].strong);
	}
	return n;
}
