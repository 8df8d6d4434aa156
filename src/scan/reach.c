/*
 * See reach.h. Two passes of marking, first strong, then suspect. What few
 * programs do is looked at only while blocks are unreached.
 */
#include "base/arena.h"
#include "scan/apart.h"
#include "scan/blocks.h"
#include "scan/candidates.h"
#include "scan/halves.h"
#include "scan/judged.h"
#include "scan/late.h"
#include "scan/mark.h"
#include "scan/nodes.h"
#include "scan/offsets.h"
#include "scan/packed.h"
#include "scan/reach.h"
#include "scan/root.h"
#include "scan/suspects.h"
#include "scan/undecided.h"

/* What offsets lead to may hold more such blocks. */
static int look_at_offsets(void)
{
	int err = 0;

	while (!err && offsets_possible && mark_left() && offsets_mark())
		err = mark_held();
	return err;
}

static int mark_all_held(void)
{
	int err = mark_held();

	return err ? err : look_at_offsets();
}

/* Reads a suspect block in the ways in which strongly marked ones are read. */
static void read_weak(uintptr_t block)
{
	if (halves_possible)
		halves_mark_block(block);
	if (offsets_possible)
		offsets_mark_block(block);
}

static void enter_suspects(void)
{
	mark_suspects();
	mark_also(read_weak);
}

static void enter(uintptr_t block)
{
	mark_block(block);
}

/* A live candidate may hold another one through blocks that are none. As long
 * as that happens the trial is held again. */
static int try_candidates(struct arena *arena)
{
	int err;

	do {
		err = mark_all_held();
		if (!err)
			err = candidates_trial(arena);
		if (err)
			return err;
	} while (candidates_enter(enter));
	return 0;
}

/* Holds the trial for what is live, and again with what a suspect may hold. */
static int mark_candidates(const struct roots *roots, struct arena *arena)
{
	int err = try_candidates(arena);

	if (!err && mark_left())
		halves_mark(roots);
	if (!err && (suspects_exist() || halves_possible)) {
		enter_suspects();
		err = try_candidates(arena);
	}
	if (!err)
		candidates_end();
	return err;
}

/* Reads all that was read once more, for words at any byte. What is reached so
 * is read in both ways. */
static int mark_packed(const struct roots *roots)
{
	int err;

	packed_mark(roots);
	mark_also(packed_mark_block);
	err = mark_held();
	mark_also(NULL);
	return err;
}

/* Looks late: only when there are blocks that nothing was seen to hold. */
static int look_late(struct roots *roots)
{
	uint32_t i, first = roots->n;
	int err = late_find(roots);

	for (i = first; i < roots->n && !err && !mark_is_done(); i++)
		mark_root(&roots->list[i]);
	if (!err && mark_left())
		err = mark_packed(roots);
	return err ? err : look_at_offsets();
}

static void credit(uintptr_t block, struct place place, void *data)
{
	(void)place;
	(void)data;
	judged_credit(block);
}

/* Lets what links and words do not explain be held by any word. */
static int mark_unexplained(struct arena *arena)
{
	bool some;
	int err = judged_try(&some, arena);

	if (err || !some)
		return err;
	nodes_each(credit, NULL);
	judged_enter(enter);
	mark_also(packed_mark_block);
	err = mark_held();
	mark_also(NULL);
	return err ? err : look_at_offsets();
}

static void tell(uintptr_t block, struct place place, void *data)
{
	(void)place;
	(void)data;
	judged_tell(block);
}

static void note_apart(uintptr_t block, struct place place, void *err)
{
	(void)place;
	if (!*(int *)err)
		*(int *)err = apart_note(block);
}

#define UNDECIDED_TURNS 64

/* Each object that turns out to be live may have words that lead to others. */
static int mark_undecided(void)
{
	uint32_t turns = 0;
	int err = 0;

	if (!undecided_any()) {
		undecided_stop();
		return 0;
	}
	if (mark_left() > UNDECIDED_MOST)
		undecided_stop();
	else
		nodes_each(tell, NULL);
	while (!err && undecided_enter(enter)) {
		err = mark_all_held();
		if (++turns == UNDECIDED_TURNS)
			undecided_stop();
	}
	if (!err)
		nodes_each(note_apart, &err);
	undecided_enter_rest(enter);
	if (!err)
		err = mark_all_held();
	apart_settle();
	return err;
}

int reach(struct roots *roots, struct arena *arena)
{
	uint32_t i;
	int err;

	mark_begin(roots);
	err = candidates_begin(arena);
	if (!err)
		err = judged_begin(arena);
	if (err)
		return err;
	for (i = 0; i < roots->n && !mark_is_done(); i++)
		mark_root(&roots->list[i]);
	mark_parents();
	err = mark_all_held();
	if (!err)
		err = mark_undecided();
	if (!err && mark_left())
		err = look_late(roots);
	if (!err && mark_left())
		err = mark_unexplained(arena);
	if (err)
		return err;
	if (candidates_exist) {
		err = mark_candidates(roots, arena);
	} else {
		if (mark_left())
			halves_mark(roots);
		enter_suspects();
		err = mark_held();
	}
	mark_also(NULL);
	mark_end();
	return err ? err : judged_end(arena);
}
