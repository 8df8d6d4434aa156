/*
 * See witness.h.
 */
#include <stdint.h>
#include <stdlib.h>

#include "model/memory.h"
#include "model/model.h"
#include "model/witness.h"

void witness_add(struct report *report, struct past *past,
		 const struct program *program, uint64_t count)
{
	struct witness *witness = report_take(report, 1, sizeof(*witness));

	witness->program = program;
	witness->count = count;
	witness->next = past->witnesses;
	past->witnesses = witness;
}

const struct witness **finding_witnesses(struct report *report,
					 const struct finding *finding,
					 size_t *n)
{
	const struct finding *piece;
	const struct witness *witness, **list;
	size_t all = 0;

	for (piece = finding; piece; piece = piece->next_piece)
		for (witness = piece->witnesses; witness;
		     witness = witness->next)
			all++;
	list = report_take(report, all, sizeof(*list));
	for (*n = 0, piece = finding; piece; piece = piece->next_piece)
		for (witness = piece->witnesses; witness;
		     witness = witness->next)
			if (!piece->gone || finding->gone)
				list[(*n)++] = witness;
	return list;
}

static int by_pid(const void *a, const void *b)
{
	const struct program *x = *(const struct program *const *)a;
	const struct program *y = *(const struct program *const *)b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x == y ? 0 : (uintptr_t)x < (uintptr_t)y ? -1 : 1;
}

const struct program **finding_programs(struct report *report,
					const struct finding *finding,
					size_t *n)
{
	const struct witness **witnesses;
	const struct program **list;
	size_t all, i;

	witnesses = finding_witnesses(report, finding, &all);
	list = report_take(report, all, sizeof(*list));
	for (i = 0; i < all; i++)
		list[i] = witnesses[i]->program;
	qsort(list, all, sizeof(struct program *), by_pid);
	for (i = 0, *n = 0; i < all; i++)
		if (!*n || list[*n - 1] != list[i])
			list[(*n)++] = list[i];
	return list;
}
