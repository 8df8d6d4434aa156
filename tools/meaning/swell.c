/*
 * See swell.h. Copies of one line that the compiler made, and the processes of
 * one program, are one place: the largest stands for all, and has their sums.
 */
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/hash.h"
#include "common/text.h"
#include "meaning/id.h"
#include "meaning/identity.h"
#include "meaning/swell.h"
#include "meaning/trace.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/growing.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "symbols/resolve.h"

#define PATHS_MAX 100 /* explained */

struct told {
	struct identity identity;
	struct growing *growing;
};

/* A collector's own account of the memory in which it works: the innermost
 * function that is no allocator. */
static const char *const bounded[] = {
	"v8::internal::Page::",
	"v8::internal::MemoryChunk::",
	"v8::internal::MemoryAllocator::",
	"v8::internal::SlotSet::",
};

static bool is_bounded(struct report *report, const struct growing *growing)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, growing->stack, &entries), i, k;
	const char *function;

	for (i = 0; i < n; i++) {
		function = entries[i].symbol->function;
		if (function && !function_is_allocator(function))
			break;
	}
	for (k = 0; i < n && k < sizeof(bounded) / sizeof(*bounded); k++)
		if (text_begins(function, bounded[k]))
			return true;
	return false;
}

/* Names of attributes that were made for one look: CPython's cache of what
 * types have keeps each until another takes its place. Its variables hold them,
 * which are of a fixed size. Of what a collector sees the type is always told.
 */
static bool is_cached_name(const struct growing *growing)
{
	const struct path *path = growing->path;
	const struct module *module;
	const char *type;

	if (!path || path->root.kind != ROOT_VARIABLE ||
	    path->steps.members_n != 1)
		return false;
	module = path->root.place.module;
	type = path->steps.members[0].type;
	return module && (!type || !strcmp(type, "str")) &&
	       (text_begins(module_name(module), "python3") ||
		text_begins(module_name(module), "libpython3"));
}

/* Java's compiler and collector, in threads of their own: no code of Java's,
 * which is in no module, nor of other libraries has called. What they keep is
 * as much as there is code. */
static bool is_of_jvm(const struct stack *stack)
{
	bool is_there = false;
	size_t i;

	for (i = 0; i < stack->n; i++) {
		const struct module *module = stack->frames[i].module;
		const char *name = module ? module_name(module) : "";

		if (text_begins(name, "libjvm.so"))
			is_there = true;
		else if (!text_begins(name, "libc.so"))
			return false;
	}
	return is_there;
}

/* Names have to be looked up. All are still in the hash. */
static void bounded_drop(struct report *report)
{
	struct growing *growing, *next;

	for (growing = report->growing; growing; growing = growing->hh.next)
		growing->is_bounded = is_bounded(report, growing) ||
				      is_cached_name(growing) ||
				      is_of_jvm(growing->stack);
	HASH_ITER(hh, report->growing, growing, next) {
		const struct growing *holder = growing->holder;

		if (growing->is_bounded || (holder && holder->is_bounded))
			HASH_DEL(report->growing, growing);
	}
}

static struct identity identity_of(struct report *report,
				   struct growing *growing)
{
	struct member member = {.stack = growing->stack, .part_of = -1};
	struct finding finding = {
		.id = text_print(report, "%llu.%llu",
				 (unsigned long long)growing->key.program,
				 (unsigned long long)growing->key.place),
		.kind = KIND_LOST,
		.members = &member,
		.members_n = 1,
		.members_total = 1,
		.cut = -1,
	};

	return identity_make(report, &finding);
}

static int by_identity(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int order = identity_compare(&x->identity, &y->identity);

	if (order)
		return order;
	return (x->growing->rank > y->growing->rank) -
	       (x->growing->rank < y->growing->rank);
}

/* The last counts of both are of the same time, as far as anybody knows. */
static void growing_add(struct growing *to, struct growing *piece)
{
	size_t n = to->counts_n, i;

	for (i = 0; i < n && i < piece->counts_n; i++)
		to->counts[n - 1 - i] += piece->counts[piece->counts_n - 1 - i];
	to->bytes += piece->bytes;
	to->retained_bytes += piece->retained_bytes;
	to->retained_blocks += piece->retained_blocks;
	if (!to->path)
		to->path = piece->path;
}

/* Other ids than those of findings: a place may lose blocks, too. */
static void id_set(struct report *report, struct told *told, size_t place)
{
	if (told->identity.is_named)
		told->growing->id = id_make(
			report, hash_text(told->identity.hash, "growing"),
			place);
}

static void told_fold(struct report *report, struct told *list, size_t n)
{
	size_t i, place = 0;

	for (i = 0; i < n; i++) {
		struct growing *growing = list[i].growing;

		growing->meant = growing;
		if (i && !identity_compare(&list[i].identity,
					   &list[i - 1].identity)) {
			growing->meant = list[i - 1].growing->meant;
			growing_add(growing->meant, growing);
			continue;
		}
		place = i && list[i].identity.hash == list[i - 1].identity.hash
				? place + 1
				: 0;
		id_set(report, &list[i], place);
	}
	for (i = 0; i < n; i++)
		if (list[i].growing->meant != list[i].growing)
			HASH_DEL(report->growing, list[i].growing);
}

/* All of them are still in the hash. */
static void holders_find(struct report *report)
{
	struct growing *growing;

	for (growing = report->growing; growing; growing = growing->hh.next) {
		struct growing_key key = {
			.program = growing->key.program,
			.place = growing->within,
		};

		if (growing->within)
			HASH_FIND(hh, report->growing, &key, sizeof(key),
				  growing->holder);
	}
}

/* A holder that is folded stands elsewhere. One that is held itself, which a
 * damaged report may say, holds nothing. */
static void holders_mean(struct report *report)
{
	struct growing *growing;

	for (growing = report->growing; growing; growing = growing->hh.next)
		if (growing->holder)
			growing->holder = growing->holder->meant;
	for (growing = report->growing; growing; growing = growing->hh.next)
		if (growing->holder == growing ||
		    (growing->holder && growing->holder->within))
			growing->holder = NULL;
}

static void paths_explain(struct report *report)
{
	struct growing *growing;
	size_t n = 0;

	for (growing = report->growing; growing && n < PATHS_MAX;
	     growing = growing->hh.next, n++)
		if (growing->path)
			path_look_up(report, growing->path);
}

void growing_explain(struct report *report)
{
	struct growing *growing;
	struct told *list;
	size_t n, i = 0;

	holders_find(report);
	for (growing = report->growing; growing; growing = growing->hh.next)
		stack_resolve(report, growing->stack);
	bounded_drop(report);
	n = growing_count(report);
	if (!n)
		return;
	list = calloc(n, sizeof(*list));
	if (!list)
		die(STATUS_FAILED, "out of memory");
	for (growing = report->growing; growing; growing = growing->hh.next)
		list[i++] =
			(struct told){identity_of(report, growing), growing};
	qsort(list, n, sizeof(*list), by_identity);
	told_fold(report, list, n);
	free(list);
	holders_mean(report);
	growing_sort(report);
	paths_explain(report);
}
