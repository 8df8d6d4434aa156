/*
 * See threads.h. A main thread's stack begins in the executable, where _start
 * is; others begin in the C library, or in Python's. Where what is known of a
 * stack ends before, nothing is said. Threads without names are not told from
 * each other.
 */
#include <string.h>

#include "common/text.h"
#include "meaning/threads.h"
#include "model/entries.h"
#include "model/memory.h"
#include "model/model.h"

static bool is_named(const struct entry_line *entry, const char *name)
{
	return entry->symbol->function &&
	       !strcmp(entry->symbol->function, name);
}

/* Whether a stack that ends with it is that of a main thread. */
static bool is_main_end(const struct entry_line *last)
{
	const struct module *module = last->frame->module;

	return module && (module->is_executable ||
			  (module->is_python && is_named(last, "<module>")));
}

static bool is_main(const struct entry_line *entry)
{
	return entry->frame->module && entry->frame->module->is_executable &&
	       is_named(entry, "main");
}

/* Whether a stack that ends with it is that of another thread. */
static bool is_thread_end(const struct entry_line *last)
{
	const struct module *module = last->frame->module;
	const char *library = last->library;

	if (module && module->is_python)
		return is_named(last, "Thread._bootstrap");
	return library && (text_begins(library, "libc.so") ||
			   text_begins(library, "libc-2") ||
			   text_begins(library, "libpthread") ||
			   text_begins(library, "ld-musl"));
}

/* The outermost function of the program, or else of a library that is none of
 * a language; NULL: there is none. */
static const struct entry_line *start_find(const struct entry_line *entries,
					   size_t n)
{
	const struct entry_line *start = NULL;
	size_t i;

	for (i = n; i-- > 0;) {
		if (entry_is_language(&entries[i]))
			continue;
		if (!entries[i].library)
			return &entries[i];
		if (!start)
			start = &entries[i];
	}
	return start;
}

/* False: it is not known. */
static bool thread_find(const struct entry_line *entries, size_t n,
			struct thread *thread)
{
	const struct entry_line *start;
	size_t i;

	*thread = (struct thread){0};
	if (!n)
		return false;
	thread->is_main = is_main_end(&entries[n - 1]);
	for (i = 0; i < n; i++)
		thread->is_main |= is_main(&entries[i]);
	if (thread->is_main)
		return true;
	start = is_thread_end(&entries[n - 1]) ? start_find(entries, n) : NULL;
	if (!start)
		return false;
	thread->frame = start->frame;
	thread->symbol = start->symbol;
	return true;
}

static bool thread_equal(const struct thread *a, const struct thread *b)
{
	const char *f, *g;

	if (a->is_main || b->is_main)
		return a->is_main == b->is_main;
	f = a->symbol->function;
	g = b->symbol->function;
	return f && g ? !strcmp(f, g) : !f && !g;
}

static void thread_add(struct report *report, struct finding *finding,
		       const struct thread *thread)
{
	size_t i;

	for (i = 0; i < finding->threads_n; i++)
		if (thread_equal(&finding->threads[i], thread))
			return;
	finding->threads[finding->threads_n++] = *thread;
	report->has_threads |= !thread->is_main;
}

void threads_find(struct report *report, struct finding *finding)
{
	struct entry_line *entries;
	struct thread thread;
	size_t i, n;

	finding->threads_n = 0;
	finding->threads = report_take(report, finding->members_n,
				       sizeof(*finding->threads));
	for (i = 0; i < finding->members_n; i++) {
		if (i &&
		    finding->members[i].stack == finding->members[i - 1].stack)
			continue;
		n = stack_entries(report, finding->members[i].stack, &entries);
		if (thread_find(entries, n, &thread))
			thread_add(report, finding, &thread);
		obstack_free(&report->memory, entries);
	}
}
