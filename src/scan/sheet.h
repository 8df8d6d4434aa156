/*
 * Where blocks begin, and which of them are marked. For each 16 KiB of address
 * space in which a block begins there is a sheet of cells. A cell has a bit for
 * each granule of 16 bytes, which says whether a block begins there. So an
 * index of many blocks fits the processor's cache. One line of it answers for a
 * word, also whether the block is marked.
 */
#ifndef SHEET_H
#define SHEET_H

#include <stdint.h>

/* 64 granules. Marks are set only where a block begins. */
struct cell {
	uint64_t begins;
	uint64_t strong; /* live: held by a root, or by decree */
	uint64_t weak;	 /* only a suspect word leads to it (scan.c) */
	uint32_t nodes;	 /* nodes before it, once they are numbered (scan.c) */
	uint32_t stays;	 /* a block in it is not the program's (drop.c) */
} __attribute__((aligned(32)));

/* What runtimes have declared of the blocks of a cell (declared.h). */
struct told {
	uint64_t is;	 /* bits: a declared block begins there */
	uint32_t before; /* declared blocks before the cell */
};

#define SHEET_SHIFT 14
#define GRANULE_SHIFT 4
/* Granules are smaller when blocks begin at other addresses than multiples of
 * 16. */
struct sheet {
	uintptr_t address;
	uint32_t granule;  /* log2 */
	uint32_t nodes;	   /* before it */
	struct told *told; /* one a cell; NULL: nothing is declared here */
	struct cell cell[] __attribute__((aligned(32)));
};

static inline uint32_t sheet_cells(const struct sheet *sheet)
{
	return 1u << (SHEET_SHIFT - 6 - sheet->granule);
}

static inline uintptr_t cell_address(const struct sheet *sheet, uint32_t cell,
				     uint32_t bit)
{
	return sheet->address +
	       ((uintptr_t)(cell * 64 + bit) << sheet->granule);
}

#endif
