/* See marked.h. */
#include "base/bits.h"
#include "scan/blocks_build.h"
#include "scan/marked.h"
#include "scan/root.h"
#include "scan/sheet.h"

bool marked_has_stack(const struct roots *roots, uintptr_t block)
{
	uint32_t i;

	for (i = 0; i < roots->stack_blocks; i++)
		if (roots->stack_block[i] == block)
			return true;
	return false;
}

static void each_of_cell(const struct roots *roots, const struct sheet *sheet,
			 uint32_t k, marked_fn *visit)
{
	uint64_t bits = sheet->cell[k].strong;

	for (; bits; bits &= bits - 1) {
		uintptr_t block = cell_address(sheet, k, __builtin_ctzl(bits));

		if (!marked_has_stack(roots, block))
			visit(block);
	}
}

void marked_each(const struct roots *roots, marked_fn *visit)
{
	uint32_t i, k;

	for (i = 0; i < blocks_sheets_n; i++)
		for (k = 0; k < sheet_cells(blocks_sheets[i]); k++)
			each_of_cell(roots, blocks_sheets[i], k, visit);
}

uint64_t marked_left(void)
{
	uint64_t n = 0;
	uint32_t i, k;

	for (i = 0; i < blocks_sheets_n; i++) {
		const struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++)
			n += count_bits(sheet->cell[k].begins &
					~sheet->cell[k].strong);
	}
	return n;
}
