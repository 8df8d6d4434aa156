/*
 * Classes of blocks. Two stacks are of one class when their frames are the same
 * by build-id and offset. So ids agree from run to run and from machine to
 * machine. Frames outside any module (generated code) that follow each other
 * are one frame.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "graph/graph.h"
#include "scan/classes.h"
#include "scan/scanned.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/stack.h"

#define SEED 0xcbf29ce484222325u

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	while (n--)
		hash = mix(hash, *b++);
	return hash;
}

/* Hashes a module's build-id, or, without one, the last part of its path. */
static uint64_t hash_module(uint32_t index)
{
	const struct module *m = module_get(index);
	const char *name;

	if (m->build_id_n)
		return hash_bytes(SEED, m->build_id, m->build_id_n);
	name = strrchr(m->path, '/');
	name = name ? name + 1 : m->path;
	return hash_bytes(SEED, name, strlen(name));
}

static uint64_t hash_stack(uint32_t id, const uint64_t *modules)
{
	uint64_t hash = SEED;
	bool outside = false;

	for (id = stack_outwards(id); id;
	     id = stack_outwards(depot_frame(id).parent)) {
		struct depot_frame f = depot_frame(id);

		if (!f.module) {
			if (!outside)
				hash = mix(hash, 1);
			outside = true;
			continue;
		}
		outside = false;
		hash = mix(hash, modules[f.module]);
		hash = mix(hash, f.module == python_module()
					 ? python_place_hash(f.pc)
					 : f.pc - module_get(f.module)->bias);
	}
	return hash;
}

static uint64_t *hash_modules(struct arena *arena)
{
	uint32_t i, n = module_count();
	uint64_t *hash = arena_array(arena, n + 1, sizeof *hash);

	for (i = 1; hash && i < n; i++)
		hash[i] = hash_module(i);
	return hash;
}

/* A stack id is at most DEPOT_ID_BITS wide. So classes by id are a plain array,
 * which costs memory only where it is used. */
int classes_find(struct scan *scan, struct arena *arena)
{
	uint32_t n = scan->graph.n, ids = depot_count() + 1, i, classes = 0;
	uint32_t *stack = scan->node_stack, *class = stack;
	uint32_t *by_id = arena_array(arena, ids, sizeof *by_id);
	uint64_t *modules = hash_modules(arena), *hash;
	struct lone *lone = NULL;

	if (!by_id || !modules)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		by_id[stack[i]] = 1;
	/* ids grow with time, and so do classes */
	for (i = 0; i < ids; i++)
		if (by_id[i])
			by_id[i] = classes++;
	hash = arena_array(arena, classes + 1, sizeof *hash);
	scan->stack = arena_array(arena, classes + 1, sizeof *scan->stack);
	if (!hash || !scan->stack)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		uint32_t id = stack[i];

		class[i] = by_id[id]; /* the class replaces the stack's id */
		scan->stack[class[i]] = id;
		if (!hash[class[i]])
			hash[class[i]] = hash_stack(id, modules);
	}
	if (scan->lone) {
		lone = arena_array(arena, classes + 1, sizeof *lone);
		if (!lone)
			return -ENOMEM;
		for (i = 0; i < classes; i++)
			lone[i] = scan->lone[scan->stack[i]];
	}
	scan->node_stack = NULL;
	scan->graph.class = class;
	scan->graph.lone = lone;
	scan->graph.classes = classes;
	scan->graph.class_hash = hash;
	return 0;
}
