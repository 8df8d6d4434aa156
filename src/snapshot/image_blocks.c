/* See image_blocks.h. */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/bits.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "refs/refs.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/leads.h"
#include "scan/offsets.h"
#include "scan/read.h"
#include "scan/runtime.h"
#include "scan/sheet.h"
#include "snapshot/image_blocks.h"
#include "snapshot/image_stacks.h"
#include "snapshot/names_seen.h"
#include "snapshot/stream.h"
#include "stack/module.h"

#define NAME 512u

/* What a block's type is known by. */
enum type_source { TOLD_NOTHING, TOLD_MACRO, TOLD_RUNTIME, TOLD_CLASS };

/* What is known of a word, in the lowest bits; its name's presence above. */
enum word_flag { WORD_WEAK = 1, WORD_LINK = 2, WORD_NAMED = 4 };

static uint32_t *before; /* of each sheet: the blocks on those before it */

static uint32_t blocks_on(const struct sheet *sheet, uint32_t cells)
{
	uint32_t k, n = 0;

	for (k = 0; k < cells; k++)
		n += (uint32_t)count_bits(sheet->cell[k].begins);
	return n;
}

static int number_sheets(void)
{
	uint32_t i, n = 0;

	before = arena_map((blocks_sheets_n + 1ul) * sizeof *before);
	if (!before)
		return -ENOMEM;
	for (i = 0; i < blocks_sheets_n; i++) {
		before[i] = n;
		n += blocks_on(blocks_sheets[i], sheet_cells(blocks_sheets[i]));
	}
	return 0;
}

/* The number of the sheet in which a block begins. */
static uint32_t sheet_number(uintptr_t block)
{
	static uint32_t last;
	uint32_t low = 0, high = blocks_sheets_n;
	uintptr_t address = block & -(1ul << SHEET_SHIFT);

	if (last < high && blocks_sheets[last]->address == address)
		return last;
	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (blocks_sheets[mid]->address <= address)
			low = mid;
		else
			high = mid;
	}
	last = low;
	return low;
}

uint64_t image_number(uintptr_t block)
{
	uint32_t i = sheet_number(block);
	const struct sheet *sheet = blocks_sheets[i];
	uint32_t at = (uint32_t)((block - sheet->address) >> sheet->granule);

	return before[i] + blocks_on(sheet, at / 64) +
	       (uint32_t)count_bits(sheet->cell[at / 64].begins &
				    ((1ul << at % 64) - 1));
}

struct writer {
	struct stream *stream;
	uintptr_t block;
	uint64_t number;
	uint32_t declared;
	const struct runtime *runtime; /* that declared it, or NULL */
	uintptr_t object; /* the block of the object of which it is a part */
};

/* The way to a number from that of the block: small ones stay small. */
static void write_target(struct writer *w, uintptr_t block)
{
	int64_t way = (int64_t)(image_number(block) - w->number);

	stream_number(w->stream, (uint64_t)way << 1 ^ (uint64_t)(way >> 63));
}

static size_t field_of(const struct writer *w, uintptr_t at, uintptr_t to,
		       const struct ref_slot *slot, char *room)
{
	size_t n;

	if (slot && slot->field) {
		n = strlen(slot->field);
		memcpy(room, slot->field, n < NAME ? n : NAME);
		return n < NAME ? n : NAME;
	}
	if (!w->runtime || !w->runtime->field)
		return 0;
	n = w->runtime->field(w->object, at, to, room, NAME);
	return n < NAME ? n : NAME - 1;
}

static void write_edge(struct writer *w, uintptr_t at, uintptr_t to, bool link)
{
	const struct ref_slot *slot = at ? counts_slot(at) : NULL;
	char room[NAME];
	size_t n = field_of(w, at, to, slot, room);

	stream_number(w->stream, at ? at - w->block + 2 : 1);
	write_target(w, to);
	stream_number(w->stream, (counts_is_weak(at) ? WORD_WEAK : 0) |
					 (link ? WORD_LINK : 0) |
					 (n ? WORD_NAMED : 0));
	if (n)
		names_write(w->stream, room, n);
}

static void visit_word(uintptr_t at, uintptr_t word, void *data)
{
	struct writer *w = data;
	uintptr_t to = blocks_find(word);

	if (to == BLOCK_NONE)
		to = blocks_find_end(word);
	if (to == BLOCK_NONE || to == w->block ||
	    (declared_exist && lead_of(w->declared, at, word, to) == LEAD_NONE))
		return;
	write_edge(w, at, to, false);
}

static void visit_link(uintptr_t at, uintptr_t block, void *data)
{
	write_edge(data, at, block, true);
}

static void find_runtime(struct writer *w)
{
	uint32_t owner;

	w->declared = declared_exist ? declared_find(w->block) : DECLARED_NONE;
	w->runtime = NULL;
	if (w->declared == DECLARED_NONE ||
	    declared[w->declared].flags & (DECLARED_PLAIN | DECLARED_MAYBE))
		return;
	owner = declared[w->declared].flags & DECLARED_PART
			? (uint32_t)declared[w->declared].owner
			: w->declared;
	w->object = declared[owner].block;
	w->runtime = runtime_get(declared[w->declared].runtime);
}

/* The first word of a C++ object leads into a module. */
static uintptr_t vtable_of(uintptr_t block, uint64_t size)
{
	static uintptr_t known, unknown; /* pages that were asked about last */
	uintptr_t word = size >= 8 ? read_word(block) : 0;

	if (word % 8 || word >> 47 || word < 4096 ||
	    blocks_find(word) != BLOCK_NONE || word >> 12 == unknown)
		return 0;
	if (word >> 12 != known && !module_find(word)) {
		unknown = word >> 12;
		return 0;
	}
	known = word >> 12;
	return word;
}

/* A part has its object's type: a dict's table is "part of dict". That says
 * more than the function that allocated it. */
static size_t told_type(const struct writer *w, char *room)
{
	static const char part[] = "part of ";
	size_t skip = sizeof part - 1, n;

	if (!w->runtime || !w->runtime->type)
		return 0;
	n = w->runtime->type(w->block, room, NAME);
	if (n || w->object == w->block)
		return n;
	memcpy(room, part, skip);
	n = w->runtime->type(w->object, room + skip, NAME - skip);
	return n ? skip + n : 0;
}

static void write_type(struct writer *w, uint64_t size)
{
	const struct ref_object *object = counts_object(w->block);
	uintptr_t vtable;
	char room[NAME];
	size_t n;

	if (object && object->type) {
		stream_number(w->stream, TOLD_MACRO);
		names_write(w->stream, object->type, strlen(object->type));
		return;
	}
	n = told_type(w, room);
	if (n) {
		stream_number(w->stream, TOLD_RUNTIME);
		names_write(w->stream, room, n < NAME ? n : NAME - 1);
		return;
	}
	vtable = vtable_of(w->block, size);
	stream_number(w->stream, vtable ? TOLD_CLASS : TOLD_NOTHING);
	if (!vtable)
		return;
	image_place(w->stream, module_find(vtable), vtable);
	names_write_class(w->stream, vtable);
}

/* 0: a root leads to it, or it is live by decree; 1: only a suspect word does;
 * 2: nothing. */
static uint32_t state_of(uintptr_t block)
{
	struct place place = blocks_place(block);

	if (place.cell->strong & place.bit)
		return 0;
	return place.cell->weak & place.bit ? 1 : 2;
}

static void write_block(struct writer *w, uintptr_t last)
{
	struct heap_word word = blocks_word(w->block);
	uint64_t size = heap_size(w->block, word);

	stream_number(w->stream, w->block - last);
	stream_number(w->stream, size);
	stream_number(w->stream, heap_stack(word));
	stream_number(w->stream, state_of(w->block) | (uint64_t)heap_epoch(word)
							      << 2);
	image_note_stack(heap_stack(word));
	find_runtime(w);
	write_type(w, size);
	read_block(w->block, visit_word, w);
	if (offsets_possible)
		offsets_visit(w->block, visit_word, w);
	if (w->declared != DECLARED_NONE)
		leads_each(w->declared, visit_link, w);
	stream_number(w->stream, 0);
}

int image_blocks(struct stream *stream)
{
	struct writer w = {.stream = stream};
	uintptr_t block = blocks_from(0), last = 0;
	int err = number_sheets();

	if (!err)
		err = image_stacks_begin();
	for (; !err && block != BLOCK_NONE && !stream->err;
	     block = blocks_from(block + 1)) {
		w.block = block;
		write_block(&w, last);
		last = block;
		w.number++;
	}
	return err;
}
