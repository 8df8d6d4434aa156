/*
 * See image.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uthash.h>

#include "common/die.h"
#include "common/room.h"
#include "heap/graph.h"
#include "heap/ids.h"
#include "heap/image.h"
#include "heap/strings.h"
#include "heap/take.h"

#define MAGIC "gordian-heap/1\n"
#define END 0x656e64
#define MODULES_MOST 65536
#define LINE_MOST_NUMBER 100000000
/* With more kinds, blocks of all sizes that one stack made are one kind. */
#define KINDS_OF_SIZE 100000

struct known_alike {
	struct alike_key key;
	uint32_t number;
	UT_hash_handle hh;
};

struct reading {
	struct take take;
	struct image *image;
	size_t names_n, names_room;
	uint32_t *names; /* strings, by number from 1 */
	struct known_alike *kinds;
	size_t kinds_room, callers_room, runs_room, words_room;
};

/* A name: its number, with the text when it is the next one. NONE: none. */
static uint32_t name_take(struct reading *r)
{
	uint64_t number = take_below(&r->take, r->names_n + 1);

	if (!number)
		return NONE;
	if (number <= r->names_n)
		return r->names[number - 1];
	take_text(&r->take);
	r->names = room_for(r->names, r->names_n, &r->names_room,
			    sizeof(*r->names));
	r->names[r->names_n++] = string_number_n(&r->image->graph.strings,
						 r->take.text, r->take.length);
	return r->names[r->names_n - 1];
}

static struct spot spot_take(struct reading *r)
{
	struct spot spot;

	spot.module = (uint32_t)take_below(&r->take, MODULES_MOST);
	spot.address = take_number(&r->take);
	return spot;
}

/* A block keeps its id while it lives: its address, and the scan before which
 * it was made, tell it from others that were there. Ids have 32 bits. */
static uint32_t id_take(struct reading *r, uint64_t address, uint64_t epoch)
{
	uint64_t h = (address ^ epoch << 57) * 0x9e3779b97f4a7c15u;
	uint32_t id = (uint32_t)((h ^ h >> 29) * 0xbf58476d1ce4e5b9u >> 32);

	return ids_take(&r->image->ids, id);
}

static uint32_t kind_number(struct reading *r, const struct alike_key *key,
			    uint64_t node)
{
	struct image *image = r->image;
	struct known_alike *known;

	HASH_FIND(hh, r->kinds, key, sizeof(*key), known);
	if (known)
		return known->number;
	known = calloc(1, sizeof(*known));
	if (!known)
		die(STATUS_FAILED, "out of memory");
	known->key = *key;
	known->number = (uint32_t)image->kinds_n;
	HASH_ADD(hh, r->kinds, key, sizeof(known->key), known);
	image->kinds = room_for(image->kinds, image->kinds_n, &r->kinds_room,
				sizeof(*image->kinds));
	image->kinds[image->kinds_n++] =
		(struct alike){.key = *key, .first = node};
	return known->number;
}

static void type_take(struct reading *r, struct alike_key *key, uint64_t size)
{
	struct spot spot;

	key->told = (uint32_t)take_below(&r->take, TOLD_CLASS);
	key->name = NONE;
	if (key->told != TOLD_RUNTIME)
		key->size = size;
	if (key->told == TOLD_CLASS) {
		spot = spot_take(r);
		key->module = spot.module;
		key->vtable = spot.address;
	}
	if (key->told)
		key->name = name_take(r);
	if (key->told == TOLD_NOTHING && r->image->kinds_n > KINDS_OF_SIZE)
		key->size = 0;
}

static void words_take(struct reading *r, uint64_t number)
{
	struct graph *graph = &r->image->graph;
	uint64_t offset, way, to, flags;
	uint32_t name;

	while ((offset = take_number(&r->take)) && !r->take.bad) {
		way = take_number(&r->take);
		to = number + (way >> 1 ^ -(way & 1));
		flags = take_below(&r->take, 7);
		name = offset > INT32_MAX ? 1 : (uint32_t)offset;
		if (flags & WORD_NAMED)
			name = name_take(r);
		if (to >= r->image->blocks ||
		    (flags & WORD_NAMED && name == NONE))
			r->take.bad = true;
		else
			graph_edge(graph, (enum edge_type)flags, name, to + 1);
	}
}

static void blocks_take(struct reading *r)
{
	struct image *image = r->image;
	uint64_t i, address = 0, size, state;
	uint32_t stack;

	for (i = 0; i < image->blocks && !r->take.bad; i++) {
		struct alike_key key;
		struct node *node;

		memset(&key, 0, sizeof(key));
		address += take_number(&r->take);
		size = take_number(&r->take);
		stack = (uint32_t)take_below(&r->take, NONE - 1);
		state = take_number(&r->take);
		node = graph_node(&image->graph, NODE_OBJECT, 0,
				  id_take(r, address, state >> 2), size);
		node->trace = stack;
		image->states[i] =
			(state & 3) > IS_LEAKED ? IS_LEAKED : state & 3;
		type_take(r, &key, size);
		if (key.told == TOLD_NOTHING)
			key.stack = stack;
		node->name = kind_number(r, &key, i + 1);
		image->kinds[node->name].n++;
		words_take(r, i);
	}
}

/* The index of a stack by its id, or NONE. */
static uint32_t caller_find(const struct image *image, uint32_t id)
{
	size_t low = 0, high = image->callers_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->callers[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->callers_n && image->callers[low].id == id
		       ? (uint32_t)low
		       : NONE;
}

static void python_take(struct reading *r, struct caller *caller)
{
	struct strings *strings = &r->image->graph.strings;

	take_text(&r->take);
	caller->function =
		string_number_n(strings, r->take.text, r->take.length);
	take_text(&r->take);
	caller->file = string_number_n(strings, r->take.text, r->take.length);
	caller->line = (uint32_t)take_below(&r->take, LINE_MOST_NUMBER);
}

static void callers_take(struct reading *r)
{
	struct image *image = r->image;
	uint64_t id = 0, way;

	image->python = (uint32_t)take_below(&r->take, MODULES_MOST);
	while ((way = take_number(&r->take)) && !r->take.bad) {
		struct caller caller = {0};

		id += way;
		caller.id = (uint32_t)id;
		caller.parent =
			caller_find(image, (uint32_t)take_number(&r->take));
		caller.own = take_below(&r->take, 1);
		caller.spot = spot_take(r);
		if (caller.spot.module && caller.spot.module == image->python)
			python_take(r, &caller);
		if (id >= NONE)
			r->take.bad = true;
		image->callers =
			room_for(image->callers, image->callers_n,
				 &r->callers_room, sizeof(*image->callers));
		image->callers[image->callers_n++] = caller;
	}
}

static void run_take(struct reading *r)
{
	struct image *image = r->image;
	struct run run = {.first = image->words_n};

	run.holder = (enum holder)take_below(&r->take, BY_MEMORY);
	run.thread = (uint32_t)take_below(&r->take, INT32_MAX);
	run.code = spot_take(r);
	image->runs = room_for(image->runs, image->runs_n, &r->runs_room,
			       sizeof(*image->runs));
	image->runs[image->runs_n++] = run;
}

static void roots_take(struct reading *r)
{
	struct image *image = r->image;
	struct root_word word;
	uint64_t what;

	while ((what = take_below(&r->take, 2)) && !r->take.bad) {
		if (what == 1)
			run_take(r);
		word.spot = spot_take(r);
		word.to = 1 + (uint32_t)take_below(&r->take, NONE - 2);
		if (word.to > image->blocks || !image->runs_n) {
			r->take.bad = true;
			return;
		}
		image->words = room_for(image->words, image->words_n,
					&r->words_room, sizeof(*image->words));
		image->words[image->words_n++] = word;
	}
}

static void modules_take_all(struct reading *r)
{
	struct image *image = r->image;
	size_t i, k;

	image->modules_n = take_below(&r->take, MODULES_MOST);
	image->modules = calloc(image->modules_n + 1, sizeof(*image->modules));
	if (!image->modules)
		die(STATUS_FAILED, "out of memory");
	image->modules[0].path = string_number(&image->graph.strings, "");
	for (i = 1; i < image->modules_n && !r->take.bad; i++) {
		struct image_module *module = &image->modules[i];

		take_text(&r->take);
		module->path = string_number_n(&image->graph.strings,
					       r->take.text, r->take.length);
		take_text(&r->take);
		for (k = 0; k < r->take.length && k < 20; k++)
			sprintf(module->build_id + 2 * k, "%02x",
				(unsigned char)r->take.text[k]);
	}
}

static void spot_check(const struct image *image, struct spot *spot)
{
	if (spot->module >= image->modules_n)
		spot->module = 0;
}

/* Numbers of what came later: ids of stacks become indices. */
static void settle(struct reading *r)
{
	struct image *image = r->image;
	uint64_t i;

	for (i = 1; i < image->graph.nodes_n; i++)
		image->graph.nodes[i].trace =
			1 + caller_find(image, image->graph.nodes[i].trace);
	for (i = 0; i < image->kinds_n; i++) {
		struct alike_key *key = &image->kinds[i].key;

		key->stack = caller_find(image, key->stack);
		if (key->module >= image->modules_n)
			key->module = 0;
	}
	for (i = 0; i < image->callers_n; i++)
		spot_check(image, &image->callers[i].spot);
	for (i = 0; i < image->runs_n; i++)
		spot_check(image, &image->runs[i].code);
	for (i = 0; i < image->words_n; i++)
		spot_check(image, &image->words[i].spot);
}

static void all_take(struct reading *r)
{
	struct stat status;
	uint64_t end = 0;

	/* a block takes several bytes */
	r->image->blocks = take_below(&r->take, NONE / 2);
	if (fstat(fileno(r->take.file), &status) ||
	    r->image->blocks > (uint64_t)status.st_size)
		r->take.bad = true;
	if (r->take.bad)
		return;
	r->image->states = calloc(r->image->blocks + 1, 1);
	if (!r->image->states)
		die(STATUS_FAILED, "out of memory");
	graph_node(&r->image->graph, NODE_SYNTHETIC,
		   string_number(&r->image->graph.strings, ""), 1, 0);
	blocks_take(r);
	if (!r->take.bad)
		callers_take(r);
	if (!r->take.bad)
		roots_take(r);
	if (!r->take.bad)
		modules_take_all(r);
	if (!r->take.bad)
		end = take_number(&r->take);
	if (end != END)
		r->take.bad = true;
	else
		settle(r);
}

static void reading_free(struct reading *r)
{
	struct known_alike *known, *next;

	HASH_ITER(hh, r->kinds, known, next) {
		HASH_DEL(r->kinds, known);
		free(known);
	}
	free(r->names);
}

const char *image_read(struct image *image, FILE *file)
{
	static struct reading r;
	char magic[sizeof(MAGIC) - 1];
	bool bad;

	memset(image, 0, sizeof(*image));
	memset(&r, 0, sizeof(r));
	r.take.file = file;
	r.image = image;
	if (fread(magic, 1, sizeof(magic), file) != sizeof(magic) ||
	    memcmp(magic, MAGIC, sizeof(magic)))
		return "it is of another version";
	all_take(&r);
	bad = r.take.bad;
	reading_free(&r);
	return bad ? "it is damaged" : NULL;
}

void image_free(struct image *image)
{
	graph_free(&image->graph);
	ids_free(&image->ids);
	free(image->states);
	free(image->kinds);
	free(image->callers);
	free(image->modules);
	free(image->runs);
	free(image->words);
}
