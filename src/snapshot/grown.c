/* See grown.h. */
#include <stdbool.h>
#include "base/arena.h"
#include "base/large.h"
#include "evidence/evidence.h"
#include "evidence/way.h"
#include "graph/growth.h"
#include "report/file.h"
#include "report/growing_line.h"
#include "report/line.h"
#include "report/path_line.h"
#include "scan/ages.h"
#include "scan/blocks.h"
#include "scan/holder.h"
#include "scan/path.h"
#include "scan/reached.h"
#include "scan/root.h"
#include "snapshot/frozen.h"
#include "snapshot/growing_table.h"
#include "snapshot/grown.h"

#define LINE (1u << 20)
#define LABELS (GROWING_LISTED + 1)

uint32_t grown_add(struct grown *list, uint32_t n, struct growing_place *place,
		   uintptr_t newest)
{
	uint32_t i = n < GROWING_LISTED ? n : n - 1;

	if (n == GROWING_LISTED && list[i].place->bytes >= place->bytes)
		return n;
	for (; i && list[i - 1].place->bytes < place->bytes; i--)
		list[i] = list[i - 1];
	list[i] = (struct grown){
		.place = place,
		.newest = newest,
		.number = REACHED_ROOT,
	};
	return n < GROWING_LISTED ? n + 1 : n;
}

static bool watch(uintptr_t block, void *ages)
{
	return ages_number(ages, block);
}

/* By number of a place: how many of its blocks places hold. */
static struct held {
	uint32_t all, by[LABELS];
} held[LABELS] LARGE;

/* A block that one of a place alone leads to is labelled with that place.
 * Blocks that several places hold together get the first one's. */
static void label_all(const struct ages *ages, struct grown *list,
		      uint8_t *label)
{
	uint32_t i, n = reached_count(), from, own;

	for (i = 0; i < n; i++) {
		uintptr_t block = reached_block(i);

		own = ages_number(ages, block);
		from = reached_from(i);
		label[i] = from < REACHED_DECREE ? label[from] : 0;
		if (label[i] && label[i] != own) {
			list[label[i] - 1].retained_blocks++;
			list[label[i] - 1].retained_bytes += blocks_size(block);
		}
		if (!label[i])
			label[i] = own;
		if (!own)
			continue;
		held[own].all++;
		held[own].by[label[i]]++;
		if (block == list[own - 1].newest)
			list[own - 1].number = i;
	}
}

static bool holds_most(uint32_t holder, uint32_t of)
{
	return held[of].by[holder] * 2ull > held[of].all;
}

/* A place that holds most of its own blocks itself is within no other. */
static void find_holders(struct grown *list, uint32_t n)
{
	uint32_t i, k;

	for (i = 1; i <= n; i++)
		for (k = 1; k <= n; k++)
			if (k != i && holds_most(k, i) && holds_most(k, k))
				list[i - 1].within = k;
}

/* Searches for the newest blocks. False when memory is short: they stay without
 * paths until the next scan. */
static bool search(const struct snapshot *snapshot, const struct roots *roots,
		   const struct ages *ages, struct grown *list, uint32_t n)
{
	uint8_t *label;

	if (path_reach(roots, &snapshot->self, watch, (void *)ages))
		return false;
	label = arena_map(reached_count() + 1ul);
	if (!label)
		return false;
	label_all(ages, list, label);
	find_holders(list, n);
	arena_unmap(label, reached_count() + 1ul);
	return true;
}

static struct line line LARGE;
static struct way way LARGE;

static int write_line(const struct growing_figures *figures,
		      const struct path_target *target,
		      const struct evidence *evidence)
{
	line.text.used = line.stacks = line.modules = line.places = 0;
	growing_line(&line, figures, target, target ? &way : NULL, evidence);
	return file_line(line.text.buffer, line.text.used);
}

/* Gathers the path to the newest block. */
static void gather(const struct snapshot *snapshot, const struct roots *roots,
		   const struct grown *grown, struct evidence *evidence)
{
	struct holder holder;
	struct path path;

	path_to(grown->number, roots, &snapshot->self, &path);
	if (!path.by_decree)
		holder = holder_find(path.at, &snapshot->self);
	way_gather(&path, path.by_decree ? NULL : &holder, &way, evidence);
	path_back(&path);
}

static int write_one(const struct snapshot *snapshot, const struct roots *roots,
		     const struct grown *list, const struct grown *grown,
		     bool searched, struct evidence *evidence)
{
	struct growing_place *place = grown->place;
	bool has_path = !place->told && grown->number != REACHED_ROOT;
	struct path_target target = {
		.address = grown->newest,
		.block = grown->newest,
	};
	struct growing_figures figures = {
		.scan = snapshot->n,
		.place = place->stack,
		.stack = place->told ? 0 : place->stack,
		.count = place->growth.count + 1,
		.counts = GROWTH_SCANS,
		.bytes = place->bytes,
		.retained_bytes = grown->retained_bytes,
		.retained_blocks = grown->retained_blocks,
	};
	int err;

	if (grown->within)
		figures.within = list[grown->within - 1].place->stack;
	if (has_path) {
		target.size = blocks_size(grown->newest);
		gather(snapshot, roots, grown, evidence);
	}
	err = write_line(&figures, has_path ? &target : NULL, evidence);
	place->told |= !err && searched;
	return err;
}

static bool needs_search(const struct grown *list, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (!list[i].place->told && list[i].newest)
			return true;
	return false;
}

int grown_write(const struct snapshot *snapshot, const struct roots *roots,
		const struct ages *ages, struct grown *list, uint32_t n)
{
	struct evidence *evidence = arena_reserve(sizeof *evidence);
	bool searches = needs_search(list, n), searched = true;
	int err = file_ensure();
	uint32_t i;

	line.text.buffer = arena_reserve(LINE);
	line.text.room = LINE;
	if (!evidence || !line.text.buffer || err)
		return err;
	for (i = 0; i < n; i++)
		ages->of_stack[list[i].place->stack] = i + 1;
	if (searches)
		searched = search(snapshot, roots, ages, list, n);
	for (i = 0; i < n && !err; i++)
		err = write_one(snapshot, roots, list, &list[i], searched,
				evidence);
	if (searches)
		path_free();
	return err;
}
