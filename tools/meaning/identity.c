/*
 * See identity.h. A block is told by its stack, of which this remains:
 *
 * - the program's own functions, each with its line, counted from the line
 *   where the function begins: what stands above it in the file does not
 * matter;
 * - of library frames between two functions of the program the outermost: what
 *   the program called;
 * - of those between the allocation and the program, the outermost of each
 *   library: what each was asked for;
 * - of a stack that is only in libraries, all functions.
 *
 * Of objects of CPython whose memory is used again the type alone remains,
 * beside others.
 *
 * A function counts once, so that the depth of a recursion does not matter.
 * What called main() does not count. Where a function has no name, the file's
 * build-id and the offset stand for it. Where none has one, the finding keeps
 * the id that it came with, which the library made of these.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "meaning/identity.h"
#include "meaning/reused.h"
#include "model/entries.h"
#include "model/functions.h"
#include "model/memory.h"
#include "model/model.h"

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	return hash_bytes(hash, &number, sizeof(number));
}

/* A template is instantiated in the library or in the program: the compilers do
 * not agree. */
static const char *library_group(const char *name)
{
	return !strncmp(name, "libstdc++", 9) || !strncmp(name, "libc++", 6) ||
			       !strcmp(name, "C++ headers")
		       ? "C++"
		       : name;
}

/* "libx-2.0" of "libx-2.0.so.0.1": the version is left out. */
static uint64_t hash_library(uint64_t hash, const char *name)
{
	const char *so = strstr(name, ".so");

	return hash_number(
		hash_bytes(hash, name, so ? (size_t)(so - name) : strlen(name)),
		0);
}

/* Where the endings that compilers give to copies begin. */
static const char *copy_end(const char *name, const char *end)
{
	static const char *const copies[] = {".constprop.", ".isra.",
					     ".part.",	    ".cold",
					     ".lto_priv.",  ".llvm."};
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
		p = strstr(name, copies[i]);
		if (p && p > name && p < end)
			end = p;
	}
	return end;
}

/* "main::{lambda(int)#1}::operator()(int) const", "main::$_0::operator()" and
 * "operator()" are names of one lambda. */
static bool is_lambda(const char *name)
{
	static const char anonymous[] = "(anonymous namespace)";
	int depth = 0;

	if (!strcmp(name, "operator()"))
		return true;
	for (; *name; name++) {
		depth += *name == '<';
		depth -= depth && *name == '>';
		if (depth)
			continue;
		if (!strncmp(name, "{lambda(", 8) || !strncmp(name, "$_", 2))
			return true;
		if (!strncmp(name, anonymous, sizeof(anonymous) - 1))
			name += sizeof(anonymous) - 2;
		else if (*name == '(') /* parameters */
			return false;
	}
	return false;
}

/* A function as the compilers agree on it: without its type and parameters. Of
 * a library's function, the arguments of templates are left out. */
static uint64_t hash_function(uint64_t hash, const char *name, bool library)
{
	const char *start, *end = function_bounds(name, &start);
	int depth = 0;

	if (is_lambda(name))
		return hash_text(hash, "lambda");
	if (start >= end)
		start = name;
	end = copy_end(start, end);
	for (; start < end; start++) {
		depth += library && *start == '<';
		if (!depth)
			hash = hash_bytes(hash, start, 1);
		/* gcc writes the arguments of operators in several ways */
		if (!depth && library && !strncmp(start, "operator", 8))
			break;
		depth -= depth && *start == '>';
	}
	return hash_number(hash, 0);
}

/* Python code is named by its file, wherever that lies. */
static uint64_t hash_python(const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;
	const char *file = symbol->file ? symbol->file : "";
	const char *slash = strrchr(file, '/');
	uint64_t hash = hash_text(HASH_FIRST, slash ? slash + 1 : file);

	return hash_text(hash, symbol->function ? symbol->function : "");
}

static uint64_t hash_place(const struct entry_line *entry)
{
	const struct module *module = entry->frame->module;
	const char *function = entry->symbol->function;
	uint64_t hash = HASH_FIRST;

	if (!module)
		return hash_text(hash, "outside any module");
	if (module->is_python)
		return hash_python(entry);
	if (!function) {
		hash = hash_text(hash, module->build_id);
		return hash_number(hash, entry->frame->address);
	}
	if (entry->library)
		hash = hash_library(hash, library_group(entry->library));
	else if (!module->is_executable)
		hash = hash_library(hash, module_name(module));
	return hash_function(hash, function, entry->library);
}

static bool same_library(const struct entry_line *a, const struct entry_line *b)
{
	return a->library && b->library &&
	       !strcmp(library_group(a->library), library_group(b->library));
}

/* The entries up to main(), or, where no program's function is, all. */
static size_t entries_count(const struct entry_line *entries, size_t n,
			    bool *is_program)
{
	size_t i, end = n;

	*is_program = false;
	for (i = 0; i < n; i++) {
		const char *function = entries[i].symbol->function;

		if (entries[i].library)
			continue;
		*is_program = true;
		end = i + 1;
		if (function && !strcmp(function, "main") &&
		    entries[i].frame->module->is_executable)
			break;
	}
	return end;
}

/* Whether entry i stays in the key of a stack. */
static bool entry_tells(const struct entry_line *entries, size_t i, size_t n,
			bool innermost)
{
	if (!entries[i].library)
		return true;
	if (innermost)
		return i + 1 == n ||
		       !same_library(&entries[i], &entries[i + 1]);
	return i + 1 < n && !entries[i + 1].library;
}

/* What is taken while one identity is made. */
struct work {
	struct report *report;
	struct obstack memory;
	bool is_named;
};

/* A block's place among others. */
struct class
{
	uint64_t hash;
	size_t lines_n;
	int *lines;
};

/* The line, and the column in it. Without lines, offsets tell two places from
 * each other. */
static int line_of(const struct entry_line *entry)
{
	const struct symbol *symbol = entry->symbol;
	int line;

	if (symbol->line <= 0)
		return (int)(entry->frame->address & INT_MAX);
	line = symbol->line - symbol->first_line;
	return (int)((unsigned)line << 10 | ((unsigned)symbol->column & 0x3ff));
}

/* Adds an entry, unless its function is there already. */
static size_t class_add(struct class *class, uint64_t *places, size_t n,
			const struct entry_line *entry)
{
	size_t k;

	places[n] = hash_place(entry);
	for (k = 0; places[k] != places[n]; k++)
		;
	if (k < n)
		return n;
	class->hash = hash_number(class->hash, places[n]);
	if (!entry->library)
		class->lines[class->lines_n++] = line_of(entry);
	return n + 1;
}

static void class_of_stack(struct work *work, const struct stack *stack,
			   struct class *class)
{
	struct entry_line *entries;
	size_t n = stack_entries(work->report, stack, &entries), i, kept = 0;
	bool is_program, innermost = true;
	uint64_t *places;

	*class = (struct class){.hash = HASH_FIRST};
	class->lines =
		obstack_alloc(&work->memory, (n + 1) * sizeof(*class->lines));
	places = obstack_alloc(&work->memory, (n + 1) * sizeof(*places));
	n = entries_count(entries, n, &is_program);
	for (i = 0; i < n; i++) {
		work->is_named |= entries[i].symbol->function != NULL;
		innermost &= entries[i].library != NULL;
		if (!is_program || entry_tells(entries, i, n, innermost))
			kept = class_add(class, places, kept, &entries[i]);
	}
	obstack_free(&work->memory, places);
	obstack_free(&work->report->memory, entries);
}

/* A type that does not depend on what the compiler left of the debug
 * information. */
static bool type_is_stable(const struct member *member)
{
	return member->type && member->type_sure &&
	       (member->type_from == TYPE_FROM_MACRO ||
		member->type_from == TYPE_FROM_RUNTIME ||
		member->type_from == TYPE_FROM_VTABLE);
}

static int class_compare(const void *a, const void *b)
{
	const struct class *x = a, *y = b;
	size_t n = x->lines_n < y->lines_n ? x->lines_n : y->lines_n, i;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	for (i = n; i-- > 0;)
		if (x->lines[i] != y->lines[i])
			return x->lines[i] < y->lines[i] ? -1 : 1;
	return (x->lines_n > y->lines_n) - (x->lines_n < y->lines_n);
}

/* Whether a member before this one, from the first on, tells the same. */
static bool is_told(const struct finding *finding, size_t first, size_t i)
{
	const struct member *member = &finding->members[i];

	if (type_is_stable(member))
		return false;
	for (; first < i; first++)
		if (finding->members[first].stack == member->stack &&
		    !type_is_stable(&finding->members[first]))
			return true;
	return false;
}

/* Whether there is a member whose stack is its own. */
static bool has_own_stack(const struct finding *finding, size_t first,
			  size_t end)
{
	for (; first < end; first++)
		if (!member_is_reused(&finding->members[first]))
			return true;
	return false;
}

static void class_of_type(const struct member *member, struct class *class)
{
	*class = (struct class){
		.hash = hash_text(HASH_FIRST,
				  member->type ? member->type : "")};
}

/* The classes of the members that tell, each once, sorted; in *n how many. */
static struct class *classes_make(struct work *work,
				  const struct finding *finding, size_t *n)
{
	bool is_cycle = finding->kind == KIND_CYCLE;
	size_t first = is_cycle ? 0 : finding->head, i, all = 0, kept = 0;
	size_t end = is_cycle ? finding->members_n : first + 1;
	struct class *list =
		obstack_alloc(&work->memory, (end - first) * sizeof(*list));
	bool own = has_own_stack(finding, first, end);

	for (i = first; i < end; i++) {
		const struct member *member = &finding->members[i];

		if (is_told(finding, first, i))
			continue;
		if (own && member_is_reused(member)) {
			class_of_type(member, &list[all++]);
			continue;
		}
		class_of_stack(work, member->stack, &list[all]);
		if (type_is_stable(member))
			list[all].hash =
				hash_text(list[all].hash, member->type);
		all++;
	}
	qsort(list, all, sizeof(*list), class_compare);
	for (i = 0; i < all; i++)
		if (!kept || class_compare(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	*n = kept;
	return list;
}

/* Adds a class that is not equal to the one before. */
static void identity_add(struct identity *identity, int *lines,
			 const struct class *class, const struct class *before)
{
	if (!before || class->hash != before->hash)
		identity->hash = hash_number(identity->hash, class->hash);
	if (class->lines_n) /* else there are none */
		memcpy(lines + identity->lines_n, class->lines,
		       class->lines_n * sizeof(*lines));
	identity->lines_n += class->lines_n;
}

struct identity identity_make(struct report *report,
			      const struct finding *finding)
{
	struct identity identity = {0};
	struct work work = {.report = report};
	size_t n = 0, i, lines_n = 0;
	struct class *list = NULL;
	int *lines;

	identity.hash = hash_number(HASH_FIRST, finding->kind);
	obstack_init(&work.memory);
	if (finding->members_n)
		list = classes_make(&work, finding, &n);
	identity.is_named = work.is_named;
	if (!work.is_named) {
		identity.hash = hash_text(identity.hash, finding->id);
		n = 0;
	}
	for (i = 0; i < n; i++)
		lines_n += list[i].lines_n;
	lines = report_take(report, lines_n, sizeof(*lines));
	for (i = 0; i < n; i++)
		identity_add(&identity, lines, &list[i],
			     i ? &list[i - 1] : NULL);
	identity.lines = lines;
	obstack_free(&work.memory, NULL);
	return identity;
}

int identity_compare(const struct identity *a, const struct identity *b)
{
	return class_compare(
		&(struct class){a->hash, a->lines_n, (int *)a->lines},
		&(struct class){b->hash, b->lines_n, (int *)b->lines});
}
