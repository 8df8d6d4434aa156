/*
 * See path.h. Here is the order in which roots are read; search.h follows them.
 *
 * Snapshot child only.
 */
#include "process/stopped.h"
#include "scan/blocks.h"
#include "scan/marked.h"
#include "scan/path.h"
#include "scan/reached.h"
#include "scan/root.h"
#include "scan/search.h"
#include "scan/turn.h"

/* Variables come first, with all that they hold. What a stack or a register has
 * may be an old word, and mostly passes. What is in memory of which nothing is
 * known says least. */
static void read_roots(const struct roots *roots, const struct stopped *self,
		       enum turn turn)
{
	uint32_t i;

	for (i = 0; i < roots->n && !search_is_done(); i++)
		if (roots->list[i].kind != ROOT_STALE &&
		    turn_find(&roots->list[i], self) == turn)
			search_root(&roots->list[i]);
}

/* A stack and registers are one thread's: of paths of one length, the stack's
 * tells more. */
static void read_turns(const struct roots *roots, const struct stopped *self)
{
	enum turn turn;
	uint32_t from = 0;

	for (turn = TURN_LASTING; turn < TURNS && !search_is_done(); turn++) {
		read_roots(roots, self, turn);
		if (turn == TURN_STACKS)
			continue;
		search_from(roots, from);
		from = reached_count();
	}
}

/* What is live by decree keeps others, though no root leads to it. */
static void read_decreed(const struct roots *roots)
{
	uint32_t from = reached_count();

	marked_each(roots, search_decreed);
	search_from(roots, from);
}

/* Reads what was left for last, and what only that leads to. */
static void read_late(const struct roots *roots)
{
	uint32_t from = reached_count();

	search_late(roots);
	search_from(roots, from);
}

void path_to(uint32_t number, const struct roots *roots,
	     const struct stopped *self, struct path *out)
{
	uint32_t by;

	*out = (struct path){.found = true, .target = reached_block(number)};
	out->first = reached_turn(number, &by);
	out->by_decree = by == REACHED_DECREE;
	if (!out->by_decree)
		out->at = turn_outermost(roots, self, reached_block(out->first),
					 reached_word(out->first));
}

void path_back(const struct path *path)
{
	reached_turn_back(path->first,
			  path->by_decree ? REACHED_DECREE : REACHED_ROOT);
}

int path_find(const struct roots *roots, const struct stopped *self,
	      uintptr_t target, struct path *out)
{
	search_begin(target, NULL, NULL);
	read_turns(roots, self);
	if (!search_is_done())
		read_decreed(roots);
	*out = (struct path){.target = target};
	if (search_found() != SEARCH_NONE)
		path_to(search_found(), roots, self, out);
	return search_failed();
}

int path_reach(const struct roots *roots, const struct stopped *self,
	       search_watch_fn *watch, void *data)
{
	search_begin(BLOCK_NONE, watch, data);
	read_turns(roots, self);
	read_decreed(roots);
	read_late(roots);
	return search_failed();
}

void path_free(void)
{
	reached_free();
	search_free();
}
