/*
 * See members.h. Snapshot child only.
 */
#include "evidence/evidence.h"
#include "evidence/members.h"
#include "evidence/resource.h"
#include "graph/finding.h"
#include "graph/graph.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/counts.h"
#include "scan/drop.h"
#include "scan/nodes.h"
#include "scan/read.h"
#include "scan/scanned.h"
#include "stack/module.h"

static void visit_first(uintptr_t at, uintptr_t word, void *data)
{
	(void)at;
	*(uintptr_t *)data = word;
}

/* The first word of a C++ object leads into the table of its class. */
static void vtable_find(struct evidence_member *member)
{
	uintptr_t block = member->block;

	member->vtable = 0;
	if (member->size >= 8)
		read_range(block, block + 8, 0, visit_first, &member->vtable);
	member->vtable_module =
		member->vtable ? module_find(member->vtable) : 0;
}

static void resource_add(struct evidence *out, int fd)
{
	if (resource_is_open(fd) && out->resources_n < EVIDENCE_RESOURCES)
		out->resource[out->resources_n++] = fd;
}

struct holder {
	const struct finding *finding;
	struct evidence *out;
};

/* A FILE that is no member itself is named at the member that holds it. libc
 * lists every open FILE, so it is mostly reached. */
static void visit_held(uintptr_t at, uintptr_t word, void *data)
{
	const struct holder *holder = data;
	uintptr_t block = blocks_find(word);
	uint32_t node = nodes_find(block);

	if (block == BLOCK_NONE || block != word || drop_has(block) ||
	    counts_is_weak(at) ||
	    (node != NODE_NONE &&
	     evidence_member_of(holder->finding, node) >= 0))
		return;
	resource_add(holder->out,
		     resource_of_file((const void *)word, blocks_size(block)));
}

/* Finds the descriptors that the program named, and those of FILEs. */
static void resources_find(const struct ref_object *object,
			   struct evidence_member *member,
			   const struct finding *finding, struct evidence *out)
{
	struct holder holder = {finding, out};
	uintptr_t block = member->block;
	uint32_t i;

	member->resources = out->resources_n;
	for (i = 0; object && i < object->fds_n; i++)
		resource_add(out, object->fds[i]);
	resource_add(out, resource_of_file((const void *)block, member->size));
	read_range(block, block + member->size, 0, visit_held, &holder);
	member->resources_n = out->resources_n - member->resources;
}

struct evidence_member members_node(const struct scan *scan, uint32_t node)
{
	return (struct evidence_member){
		.block = nodes_block(node),
		.size = graph_size(&scan->graph, node),
		.stack = scan->stack[scan->graph.class[node]],
		.refcount = -1,
	};
}

static void member_find(const struct scan *scan, const struct finding *finding,
			uint32_t node, struct evidence *out)
{
	struct evidence_member *member = &out->member[out->members_n++];
	const struct ref_object *object;

	*member = members_node(scan, node);
	object = counts_object(member->block);
	member->type = object ? object->type : NULL;
	member->refcount = counts_of(member->block);
	member->finalizer = object ? object->finalizer : NULL;
	vtable_find(member);
	resources_find(object, member, finding, out);
}

void members_find(const struct scan *scan, const struct finding *finding,
		  struct evidence *out)
{
	uint32_t i;

	out->members_n = out->resources_n = 0;
	for (i = 0; i < finding->members_n; i++)
		member_find(scan, finding, finding->members[i], out);
}
