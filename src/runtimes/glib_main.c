/*
 * See glib_main.h. A variable of GLib's has the list of all contexts, which
 * owns none (2.90 has no such list). A context owns its sources while they are
 * active: that is one of each one's references. Then it only knows them, until
 * they are freed: its table, and the lists from source to source, own nothing.
 * Nor does a source own its context. Data of a callback that no function frees
 * may be a reference, but mostly are none.
 */
#include <errno.h>
#include <stddef.h>
#include "process/symbols.h"
#include "runtimes/glib_form.h"
#include "runtimes/glib_main.h"
#include "runtimes/gobject_hash.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/variables.h"

#define COUNT_MOST (1u << 24)
#define CONTEXTS_MAX 65536u
#define LISTS_MAX 65536u

static uintptr_t list; /* the first node of the list of contexts */
static int failed;

static void keep(int err)
{
	if (err == -ENOMEM)
		failed = err;
}

static bool is_block(uint64_t at, uint64_t size)
{
	return blocks_begins(at) && blocks_size(at) >= size;
}

static bool context_read(uintptr_t at, struct form_context *out,
			 struct gobject_hash *sources)
{
	if (!is_block(at, sizeof *out) || blocks_size(at) > FORM_CONTEXT_MAX)
		return false;
	fault_copy(out, at, sizeof *out);
	return out->count && out->count <= COUNT_MOST &&
	       is_block(out->sources, 1) && is_block(out->pending, 16) &&
	       gobject_hash_read(out->sources, sources);
}

/* A node of GSList whose data are a context. */
static bool node_read(uintptr_t at, struct form_node *out)
{
	struct gobject_hash sources;
	struct form_context context;

	if (!is_block(at, 16) || blocks_size(at) > sizeof *out)
		return false;
	fault_copy(out, at, 16);
	return (!out->next || is_block(out->next, 16)) &&
	       context_read(out->data, &context, &sources);
}

static void list_find(uintptr_t at)
{
	struct form_node node;
	uint64_t first;

	fault_copy(&first, at, sizeof first);
	if (!list && node_read(first, &node))
		list = first;
}

static void word_declare(uintptr_t at)
{
	keep(declare_weak(at, at + 8));
}

static bool source_read(uintptr_t at, struct form_source *out)
{
	if (!is_block(at, sizeof *out))
		return false;
	fault_copy(out, at, sizeof *out);
	return out->count && out->count <= COUNT_MOST &&
	       is_block(out->private, 32);
}

/* A table has sources by their numbers, or is a set of where these stand in
 * them. */
static uintptr_t member_of(const struct gobject_hash *table,
			   const struct gobject_pair *pair)
{
	return table->keys == table->values
		       ? pair->key - offsetof(struct form_source, number)
		       : pair->value;
}

/* Calls visit for each member of a context's table, until it is none, or is not
 * that context's. Whether all are. */
static bool members_each(uintptr_t context, const struct gobject_hash *table,
			 void (*visit)(uintptr_t context, uintptr_t source,
				       const struct gobject_pair *pair))
{
	struct gobject_pair pair;
	struct form_source source;
	uint32_t i;

	for (i = 0; i < table->n; i++) {
		uintptr_t at;

		if (!gobject_hash_pair(table, i, &pair))
			continue;
		at = member_of(table, &pair);
		if (!source_read(at, &source) || source.context != context)
			return false;
		visit(context, at, &pair);
	}
	return true;
}

static void member_pass(uintptr_t context, uintptr_t source,
			const struct gobject_pair *pair)
{
	(void)context;
	(void)source;
	(void)pair;
}

static void member_declare(uintptr_t context, uintptr_t at,
			   const struct gobject_pair *pair)
{
	struct form_source source;

	fault_copy(&source, at, sizeof source);
	word_declare(at + offsetof(struct form_source, prev));
	word_declare(at + offsetof(struct form_source, next));
	keep(declare_weak(pair->value_at, pair->value_at + 4));
	if (source.flags & FORM_SOURCE_ACTIVE)
		keep(declare_link(context, 0, at));
}

/* The lists of sources, one for each priority. Each is its node's data, or lies
 * behind its node. */
static void lists_declare(uintptr_t context)
{
	uint32_t left = LISTS_MAX;
	struct form_node node;
	uint64_t at;

	fault_copy(&at, context + FORM_CONTEXT_LISTS_OLD, sizeof at);
	if (!is_block(at, sizeof node))
		fault_copy(&at, context + FORM_CONTEXT_LISTS, sizeof at);
	for (; left-- && is_block(at, sizeof node); at = node.next) {
		uintptr_t sources;

		fault_copy(&node, at, sizeof node);
		sources = node.data == at ? at + sizeof node : node.data;
		if (blocks_find(sources) != node.data ||
		    blocks_find(sources + sizeof(struct form_sources) - 1) !=
			    node.data)
			return;
		word_declare(at + offsetof(struct form_node, prev));
		word_declare(sources);
		word_declare(sources + 8);
	}
}

/* A context whose sources are not understood is C's: all its words may be
 * references. */
static bool context_understand(uintptr_t at, struct form_context *context,
			       struct gobject_hash *sources)
{
	return context_read(at, context, sources) &&
	       members_each(at, sources, member_pass);
}

int glib_context_declare(uintptr_t at)
{
	struct gobject_hash sources;
	struct form_context context;

	if (!context_understand(at, &context, &sources))
		return 0;
	keep(declare_object(&(struct declared_object){
		.block = at,
		.at = at,
		.count = context.count,
		.flags = DECLARED_EXACT, /* polled are words of its own */
	}));
	members_each(at, &sources, member_declare);
	lists_declare(at);
	return failed;
}

int glib_list_declare(const struct symbols_owner *glib)
{
	uint32_t left = CONTEXTS_MAX;
	struct gobject_hash sources;
	struct form_context context;
	struct form_node node;
	uintptr_t at;

	variables_each(glib, list_find);
	for (at = list; left-- && node_read(at, &node); at = node.next)
		if (context_understand(node.data, &context, &sources))
			word_declare(at);
	return failed;
}

static void callback_declare(uintptr_t at)
{
	struct form_callback callback;
	uintptr_t data = at + offsetof(struct form_callback, data);

	if (!is_block(at, sizeof callback))
		return;
	fault_copy(&callback, at, sizeof callback);
	if (callback.count && callback.count <= COUNT_MOST && !callback.destroy)
		keep(declare_borrowed(data, data + 8));
}

int glib_source_declare(uintptr_t at)
{
	uintptr_t context = at + offsetof(struct form_source, context);
	struct form_source source;

	if (!source_read(at, &source))
		return 0;
	keep(declare_borrowed(context, context + 8));
	callback_declare(source.callback);
	return failed;
}
