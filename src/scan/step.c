/*
 * See step.h.
 */
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/leads.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "scan/step.h"

struct search {
	uintptr_t to;
	uint32_t declared; /* the number of what is read */
	struct step step;
	bool found;
};

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	struct search *search = data;
	uintptr_t block;

	if (search->found)
		return;
	block = blocks_find(word);
	if (block == BLOCK_NONE)
		block = blocks_find_end(word);
	if (block != search->to || counts_is_weak(at) ||
	    (declared_exist &&
	     lead_of(search->declared, at, word, block) == LEAD_NONE))
		return;
	search->step.at = at;
	search->step.word = word;
	search->found = true;
}

static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	struct search *search = data;

	if (search->found || block != search->to)
		return;
	search->step.at = at;
	search->step.word = block;
	search->found = true;
}

struct step step_find(uintptr_t from, uintptr_t to)
{
	struct search search = {
		.to = to,
		.step.word = to,
		.declared =
			declared_exist ? declared_find(from) : DECLARED_NONE,
	};

	if (search.declared != DECLARED_NONE)
		leads_each(search.declared, visit_link, &search);
	if (!search.found)
		read_block(from, visit_word, &search);
	if (!search.found && offsets_possible)
		offsets_visit(from, visit_word, &search);
	return search.step;
}
