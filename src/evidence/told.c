/* See told.h. */
#include <stddef.h>
#include <stdint.h>
#include "evidence/evidence.h"
#include "evidence/places.h"
#include "evidence/told.h"
#include "scan/apart.h"
#include "scan/declared.h"
#include "scan/judged.h"
#include "scan/nodes.h"
#include "scan/runtime.h"

#define NAME 512u /* a longer name is cut off */

/* Who declared the block, or NULL; owner: itself, or the object of which it is
 * a part. */
static const struct runtime *runtime_of(uintptr_t block, uint32_t *owner)
{
	uint32_t i = declared_exist ? declared_find(block) : DECLARED_NONE;

	if (i == DECLARED_NONE ||
	    declared[i].flags & (DECLARED_PLAIN | DECLARED_MAYBE))
		return NULL;
	*owner = declared[i].flags & DECLARED_PART ? (uint32_t)declared[i].owner
						   : i;
	return runtime_get(declared[i].runtime);
}

static bool has_room(const struct evidence *out)
{
	return EVIDENCE_NAMES - out->names_used >= NAME;
}

/* Takes over a name that was written to the rest of the names. */
static const char *name_keep(struct evidence *out, size_t n)
{
	char *name = out->names + out->names_used;

	if (!n)
		return NULL;
	n = n < NAME ? n : NAME - 1;
	name[n] = 0;
	out->names_used += n + 1;
	return name;
}

typedef size_t name_fn(uintptr_t block, char *room, size_t size);
static const char *name_of(name_fn *ask, uintptr_t block, struct evidence *out)
{
	if (!ask || !has_room(out))
		return NULL;
	return name_keep(out, ask(block, out->names + out->names_used, NAME));
}

static int64_t count_of(const struct runtime *runtime,
			const struct declared *object)
{
	if (runtime->refcount)
		return runtime->refcount(object->block);
	return object->flags & DECLARED_HIDDEN ? -1 : object->count;
}

void told_member(struct evidence_member *member, struct evidence *out)
{
	uint32_t owner;
	const struct runtime *runtime = runtime_of(member->block, &owner);

	member->undecided =
		apart_has(member->block) && judged_words(member->block) >= 0;
	member->runtime = NULL;
	member->part_of = -1;
	if (!runtime)
		return;
	if (!member->type) {
		member->type = name_of(runtime->type, member->block, out);
		member->runtime = runtime->name;
	}
	if (declared[owner].block != member->block) {
		member->part_of = places_find(
			&out->places, nodes_find(declared[owner].block));
		return;
	}
	if (member->refcount < 0)
		member->refcount = count_of(runtime, &declared[owner]);
	if (!member->finalizer)
		member->finalizer =
			name_of(runtime->finalizer, member->block, out);
}

uintptr_t told_owner(uintptr_t block)
{
	uint32_t owner;

	if (!runtime_of(block, &owner) || declared[owner].block == block)
		return 0;
	return declared[owner].block;
}

uint32_t told_resources(const struct evidence_member *member, int *fds,
			uint32_t n)
{
	uint32_t owner;
	const struct runtime *runtime = runtime_of(member->block, &owner);

	if (!runtime || !runtime->resources ||
	    declared[owner].block != member->block)
		return 0;
	return runtime->resources(member->block, fds, n);
}

const char *told_field(uintptr_t block, uintptr_t at, uintptr_t to,
		       struct evidence *out)
{
	uint32_t owner;
	const struct runtime *runtime = runtime_of(block, &owner);

	if (!runtime || !runtime->field || !has_room(out))
		return NULL;
	return name_keep(out,
			 runtime->field(declared[owner].block, at, to,
					out->names + out->names_used, NAME));
}

const char *told_reason(struct evidence *out)
{
	const char *reason = NULL;
	uint32_t i, owner;

	for (i = 0; i < out->members_n && !reason; i++) {
		const struct runtime *runtime =
			runtime_of(out->member[i].block, &owner);

		if (runtime && declared[owner].block == out->member[i].block)
			reason = name_of(runtime->reason, out->member[i].block,
					 out);
	}
	return reason;
}
