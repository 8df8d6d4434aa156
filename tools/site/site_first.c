/*
 * See site_first.h. A function that is given the block, a constructor above
 * all, may have been given its first member. When nothing else speaks of that
 * type, another type of the size may begin with it: one that the module knows,
 * or, since C++ compilers leave types out of which only "new" speaks, one that
 * it does not. Of the library's classes the latter is the rule.
 */
#include <string.h>

#include "model/type.h"
#include "site/site_derived.h"
#include "site/site_first.h"
#include "site/site_found.h"
#include "site/site_walk.h"

static bool is_given(const struct found *found)
{
	return found->candidate.source == SOURCE_CONSTRUCTOR ||
	       found->candidate.source == SOURCE_PARAMETER;
}

/* A class of the library that programs have as members. Its control blocks are
 * allocated. */
static bool is_library(const struct type *type)
{
	static const char *const blocks[] = {
		"_Sp_counted", "__shared_ptr_pointer", "__shared_ptr_emplace"};
	const char *name = type->name ? type->name : "";
	size_t i;

	if (type->language != LANGUAGE_CXX || strncmp(name, "std::", 5))
		return false;
	for (i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (!strncmp(name + 5, blocks[i], strlen(blocks[i])))
			return false;
	return true;
}

static bool is_confirmed(const struct found *found, size_t n,
			 const struct type *type)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!is_given(&found[i]) &&
		    type_is_like(found[i].candidate.type, type))
			return true;
	return false;
}

void first_mark(struct found *found, size_t n, uint64_t size)
{
	const struct type *other;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct type *type = found[i].candidate.type;

		found[i].is_first =
			type->size == size && is_given(&found[i]) &&
			type->kind == TYPE_RECORD &&
			!is_confirmed(found, n, type) &&
			(is_library(type) || derived_find(type, size, &other));
	}
}
