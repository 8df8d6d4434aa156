/* See why.h. */
#include <errno.h>
#include <stdbool.h>
#include "base/arena.h"
#include "base/large.h"
#include "evidence/evidence.h"
#include "evidence/gather.h"
#include "evidence/way.h"
#include "graph/findings.h"
#include "report/file.h"
#include "report/line.h"
#include "report/path_line.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/holder.h"
#include "scan/maps.h"
#include "scan/path.h"
#include "snapshot/frozen.h"
#include "snapshot/prepare.h"
#include "snapshot/shared.h"
#include "snapshot/why.h"

#define LINE (1u << 20)

static struct path_target target_of(uintptr_t address)
{
	struct path_target target = {
		.address = address,
		.block = blocks_find(address),
	};

	if (target.block != BLOCK_NONE)
		target.size = blocks_size(target.block);
	return target;
}

/* The line is as large as it must be for a hundred steps. */
static int line_begin(struct line *line)
{
	line->text.buffer = arena_reserve(LINE);
	line->text.room = LINE;
	return line->text.buffer ? 0 : -ENOMEM;
}

static struct line line LARGE;

static enum answered write_line(void)
{
	return file_line(line.text.buffer, line.text.used) ? ANSWERED_IN_VAIN
							   : ANSWERED;
}

static enum answered answer_no_block(const struct snapshot *snapshot,
				     const struct prepared *prepared,
				     const struct path_target *target)
{
	struct holder holder;
	struct evidence_root root;
	bool mapped = maps_find(&prepared->maps, target->address);

	if (mapped) {
		holder = holder_find(target->address, &snapshot->self);
		root = way_root(&holder);
	}
	path_line_none(&line, target, "no-block", NULL, mapped ? &root : NULL,
		       NULL);
	return write_line();
}

static int answer_path(const struct snapshot *snapshot,
		       const struct path_target *target,
		       const struct path *path)
{
	static struct way way LARGE;
	struct evidence *evidence = arena_reserve(sizeof *evidence);
	struct holder holder;

	if (!evidence)
		return -ENOMEM;
	if (!path->by_decree)
		holder = holder_find(path->at, &snapshot->self);
	way_gather(path, path->by_decree ? NULL : &holder, &way, evidence);
	path_line(&line, target, &way, evidence);
	snapshot->shared->answered = write_line();
	return 0;
}

int why_path(const struct snapshot *snapshot, uint64_t program_pages)
{
	static struct prepared prepared;
	struct path_target target;
	struct path path;
	int err = prepare(snapshot, program_pages, &prepared);

	if (!err)
		err = line_begin(&line);
	if (err)
		return err;
	target = target_of(snapshot->about);
	if (target.block == BLOCK_NONE) {
		snapshot->shared->answered =
			answer_no_block(snapshot, &prepared, &target);
		return 0;
	}
	err = counts_build(&prepared.arena);
	if (!err)
		err = path_find(&prepared.roots, &snapshot->self, target.block,
				&path);
	if (!err && path.found)
		return answer_path(snapshot, &target, &path);
	if (!err)
		snapshot->shared->answered = ANSWERED_NOTHING;
	return err;
}

/* What marking says of the block, which knows more ways to hold one. */
static const char *held_of(uintptr_t block)
{
	struct place place;

	if (block == BLOCK_NONE)
		return "no-block";
	place = blocks_place(block);
	if (place.cell->strong & place.bit)
		return "unknown";
	return place.cell->weak & place.bit ? "suspect" : "nothing";
}

/* The pages of a block that is live may be gone by now. */
int why_held(const struct snapshot *snapshot, const struct findings *found)
{
	struct path_target target = target_of(snapshot->about);
	const char *held = held_of(target.block);
	struct evidence_word word = {0};
	struct evidence *evidence = arena_reserve(sizeof *evidence);
	bool whole = held[0] != 'u' && target.block != BLOCK_NONE && evidence;
	int err = line_begin(&line);

	if (err)
		return err;
	target.finding = found->asked;
	target.is_kept = found->asked_is_kept;
	if (held[0] == 's')
		word = gather_word(target.block);
	if (whole)
		way_gather_block(target.block, evidence);
	path_line_none(&line, &target, held, &word, NULL,
		       whole ? evidence : NULL);
	return file_line(line.text.buffer, line.text.used);
}
