/*
 * See gather.h.
 */
#include "base/arena.h"
#include "evidence/edges.h"
#include "evidence/evidence.h"
#include "evidence/gather.h"
#include "evidence/members.h"
#include "evidence/places.h"
#include "evidence/told.h"
#include "graph/finding.h"
#include "refs/balance.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/nodes.h"
#include "scan/root.h"
#include "scan/scanned.h"
#include "scan/suspects.h"

static struct evidence_word word_of(struct suspect why)
{
	static const enum evidence_place places[] = {
		[ROOT_FOREIGN] = PLACE_FOREIGN,
		[ROOT_STALE] = PLACE_STALE,
		[ROOT_HALF] = PLACE_HALF,
	};

	return (struct evidence_word){
		.at = why.at,
		.place = places[why.kind],
		.in_block = why.at && blocks_find(why.at) != BLOCK_NONE,
	};
}

struct evidence_word gather_word(uintptr_t block)
{
	return word_of(suspects_why(block));
}

void gather_hold(const struct finding *finding, struct evidence *out)
{
	uint32_t head = finding->members[0];

	out->word = (struct evidence_word){0};
	if (finding->confidence == CONFIDENCE_SUSPECT)
		out->word = gather_word(nodes_block(head));
	if (finding->kind == FINDING_EXCESS)
		out->references = finding->in[0];
}

/* Whether it only says that the object was made: where calls are all that is
 * known, nobody knows who gave its first reference back. */
static bool is_birth(const struct ref_object *object, uint32_t member_stack,
		     const struct balance *balance)
{
	return !object->counted && balance->stack == member_stack;
}

/* Adds the outstanding acquires of one member's object. */
static void acquires_add(uint32_t member, struct arena *arena,
			 struct evidence *out)
{
	const struct ref_object *object =
		counts_object(out->member[member].block);
	struct balance list[EVIDENCE_ACQUIRES];
	int i, got;

	if (!object || !object->entries)
		return;
	got = balance_outstanding(object->entries, arena, list,
				  EVIDENCE_ACQUIRES);
	for (i = 0; i < got; i++)
		if (!is_birth(object, out->member[member].stack, &list[i]))
			out->acquire[out->acquires_n++] =
				(struct evidence_acquire){member, list[i].count,
							  list[i].stack};
}

static void acquires_find(struct arena *arena, struct evidence *out)
{
	uint32_t i;

	out->acquires_n = 0;
	for (i = 0; i < out->members_n && out->acquires_n < EVIDENCE_ACQUIRES;
	     i++)
		acquires_add(i, arena, out);
}

void gather_sample(const struct scan *scan, const struct finding *finding,
		   struct arena *arena, struct evidence *out)
{
	places_fill(finding, &out->places);
	members_find(scan, finding, out);
	edges_find(scan, finding, out);
	out->has_objects = refs_objects_n();
	out->because = finding->left ? "the interpreter that made it has ended"
		       : finding->kind == FINDING_CYCLE && !finding->pending
			       ? told_reason(out)
			       : NULL;
	acquires_find(arena, out);
}
