/*
 * See members.h. Snapshot child only.
 */
#include "evidence/evidence.h"
#include "evidence/hints.h"
#include "evidence/members.h"
#include "evidence/places.h"
#include "evidence/resource.h"
#include "scan/rtti.h"
#include "evidence/told.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/drop.h"
#include "scan/nodes.h"
#include "scan/read.h"
#include "scan/scanned.h"

/* Members of one class are many: its name is read once. */
static const char *name_again(const struct evidence_member *member,
			      const struct evidence *out)
{
	uint32_t i;

	for (i = 0;
	     i < out->members_n + out->kept_n && &out->member[i] != member; i++)
		if (out->member[i].vtable == member->vtable)
			return out->member[i].rtti;
	return NULL;
}

/* The first word of a C++ object leads into the table of its class. */
static void class_find(struct evidence_member *member, struct evidence *out)
{
	char *room = out->names + out->names_used;
	size_t n;

	member->rtti = NULL;
	if (!member->vtable_module)
		return;
	member->rtti = name_again(member, out);
	if (member->rtti || EVIDENCE_NAMES - out->names_used < RTTI_NAME)
		return;
	n = rtti_name(member->vtable, room, RTTI_NAME);
	if (!n)
		return;
	member->rtti = room;
	out->names_used += n + 1;
}

static void resource_add(struct evidence *out, int fd)
{
	if (resource_is_open(fd) && out->resources_n < EVIDENCE_RESOURCES)
		out->resource[out->resources_n++] = fd;
}

/* A FILE that is no member itself is named at the member that holds it. libc
 * lists every open FILE, so it is mostly reached. */
static void visit_held(uintptr_t at, uintptr_t word, void *data)
{
	struct evidence *out = data;
	uintptr_t block = blocks_find(word);
	int32_t place = places_find(&out->places, nodes_find(block));

	if (block == BLOCK_NONE || block != word || drop_has(block) ||
	    counts_is_weak(at) ||
	    (place >= 0 && (uint32_t)place < out->members_n))
		return;
	resource_add(out,
		     resource_of_file((const void *)word, blocks_size(block)));
}

/* Finds the descriptors that the program named, and those of FILEs. Of what
 * the head keeps, only what it is itself. */
static void resources_find(const struct ref_object *object,
			   struct evidence_member *member, bool is_member,
			   struct evidence *out)
{
	uintptr_t block = member->block;
	int fds[EVIDENCE_FDS];
	uint32_t i, n;

	member->resources = out->resources_n;
	for (i = 0; object && i < object->fds_n; i++)
		resource_add(out, object->fds[i]);
	n = told_resources(member, fds, EVIDENCE_FDS);
	for (i = 0; i < n && i < EVIDENCE_FDS; i++)
		resource_add(out, fds[i]);
	resource_add(out, resource_of_file((const void *)block, member->size));
	if (is_member)
		read_range(block, block + member->size, 0, visit_held, out);
	member->resources_n = out->resources_n - member->resources;
}

struct evidence_member members_node(const struct scan *scan, uint32_t node)
{
	return (struct evidence_member){
		.block = nodes_block(node),
		.size = graph_size(&scan->graph, node),
		.stack = scan->stack[scan->graph.class[node]],
		.epoch = scan->graph.epoch[node],
		.refcount = -1,
	};
}

static void member_find(const struct scan *scan, const struct finding *finding,
			uint32_t place, struct evidence *out)
{
	struct evidence_member *member = &out->member[place];
	const struct ref_object *object;

	*member = members_node(scan, finding_node(finding, place));
	object = counts_object(member->block);
	member->type = object ? object->type : NULL;
	member->refcount = counts_of(member->block);
	member->finalizer = object ? object->finalizer : NULL;
	member->in = finding->in[place];
	told_member(member, out);
	hints_find(member);
	class_find(member, out);
	resources_find(object, member, place < finding->members_n, out);
}

struct evidence_member members_block(uintptr_t block, struct evidence *out)
{
	struct heap_word word = blocks_word(block);
	const struct ref_object *object = counts_object(block);
	struct evidence_member member = {
		.block = block,
		.size = heap_size(block, word),
		.stack = heap_stack(word),
		.epoch = heap_epoch(word),
		.refcount = counts_of(block),
		.type = object ? object->type : NULL,
	};

	told_member(&member, out);
	hints_find(&member);
	class_find(&member, out);
	return member;
}

void members_find(const struct scan *scan, const struct finding *finding,
		  struct evidence *out)
{
	uint32_t i;

	out->members_n = finding->members_n;
	out->kept_n = finding->kept_n;
	out->resources_n = out->names_used = 0;
	for (i = 0; i < finding_shown(finding); i++)
		member_find(scan, finding, i, out);
}
