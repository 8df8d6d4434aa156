/*
 * See step.h. All blocks of the path are known, so the next ones are asked for
 * while one is read.
 */
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/fetch.h"
#include "scan/leads.h"
#include "scan/offsets.h"
#include "scan/path.h"
#include "scan/reached.h"
#include "scan/read.h"
#include "scan/step.h"

#define STEPS_AHEAD 16

struct step {
	uintptr_t at, word;
};

struct search {
	uintptr_t to;
	uint64_t size;	   /* of that block */
	uint32_t declared; /* the number of what is read */
	struct step step;
	bool found;
};

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	struct search *search = data;
	uintptr_t block;

	if (search->found || word - search->to > search->size)
		return;
	block = word == search->to ? word : blocks_find(word);
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

static struct step step_find(uintptr_t from, uintptr_t to)
{
	struct search search = {
		.to = to,
		.size = blocks_size(to),
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

/* Calls fetch for the next blocks of the path, from that number on. Returns the
 * number after these. */
static uint32_t each_next(uint32_t number, void (*fetch)(uintptr_t))
{
	uint32_t i;

	for (i = 0; i < STEPS_AHEAD && number != UINT32_MAX; i++) {
		fetch(reached_block(number));
		number = reached_from(number);
	}
	return number;
}

void step_each(const struct path *path, step_fn *visit, void *data)
{
	uint32_t i = path->first, n = 0, next;
	uint32_t ahead = each_next(i, fetch_block), whole = i;
	uintptr_t word = 0;

	if (!path->by_decree)
		word = read_word(path->at);
	visit(BLOCK_NONE, path->at, word, reached_block(i), data);
	for (; (next = reached_from(i)) != UINT32_MAX; i = next) {
		uintptr_t from = reached_block(i), to = reached_block(next);
		struct step step;

		if (n++ % STEPS_AHEAD == 0) {
			whole = each_next(whole, fetch_lines);
			ahead = each_next(ahead, fetch_block);
		}
		step = step_find(from, to);
		visit(from, step.at, step.word, to, data);
	}
}
