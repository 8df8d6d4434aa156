/*
 * See image_roots.h. Words that have the same name follow each other: each
 * begins with whose memory it is, when that is not the last one's.
 */
#include <stdbool.h>
#include "process/stopped.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/counts.h"
#include "scan/declared.h"
#include "scan/holder.h"
#include "scan/leads.h"
#include "scan/read.h"
#include "scan/root.h"
#include "snapshot/image_blocks.h"
#include "snapshot/image_roots.h"
#include "snapshot/image_stacks.h"
#include "snapshot/stream.h"

struct writer {
	struct stream *stream;
	const struct root *root;
	const struct stopped *self;
	struct holder holder; /* of the last word */
	bool begun;
};

static bool is_same(const struct holder *a, const struct holder *b)
{
	return a->kind == b->kind && a->module == b->module &&
	       a->thread == b->thread && a->code == b->code;
}

/* 1: the holder follows; 2: it is the last one's; 0: the end. */
static void write_holder(struct writer *w, uintptr_t at)
{
	struct holder holder = holder_find(at, w->self);

	if (w->begun && is_same(&holder, &w->holder)) {
		stream_number(w->stream, 2);
		return;
	}
	w->holder = holder;
	w->begun = true;
	stream_number(w->stream, 1);
	stream_number(w->stream, holder.kind);
	stream_number(w->stream, holder.thread);
	image_place(w->stream, holder.code_module, holder.code);
}

/* A word into a block of memory of which nobody knows whose it is makes only a
 * suspect. */
static void visit_word(uintptr_t at, uintptr_t word, struct writer *w)
{
	uintptr_t to = blocks_find(word);

	if (to == BLOCK_NONE && !w->root->explicit)
		to = blocks_find_end(word);
	if (to == BLOCK_NONE || counts_is_weak(at) ||
	    (w->root->kind != ROOT_STRONG && to != word) ||
	    (declared_exist &&
	     lead_of(DECLARED_NONE, at, word, to) == LEAD_NONE))
		return;
	write_holder(w, at);
	image_place(w->stream, w->holder.module, at);
	stream_number(w->stream, image_number(to));
}

static void visit_run(uintptr_t low, uintptr_t high, void *data)
{
	unsigned step = read_step();
	uintptr_t at = (low + step - 1) & -(uintptr_t)step;

	for (; at + 8 <= high; at += step) {
		uintptr_t word = read_word(at);

		if (blocks_may_hold(word))
			visit_word(at, word, data);
	}
}

void image_roots(struct stream *stream, const struct roots *roots,
		 const struct stopped *self)
{
	struct writer w = {.stream = stream, .self = self};
	uint32_t i;

	for (i = 0; i < roots->n && !stream->err; i++) {
		w.root = &roots->list[i];
		if (w.root->kind == ROOT_STALE)
			continue;
		read_every_byte(w.root->code);
		read_root(w.root, visit_run, &w);
		read_every_byte(false);
	}
	stream_number(stream, 0);
}
