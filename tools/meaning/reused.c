/*
 * See reused.h.
 */
#include <string.h>

#include "meaning/reused.h"
#include "model/model.h"

bool member_is_reused(const struct member *member)
{
	static const char *const types[] = {
		"list",	 "tuple", "dict",     "float", "method",
		"frame", "cell",  "function", "slice", "Context",
	};
	size_t i;

	if (!member->runtime || strcmp(member->runtime, "python"))
		return false;
	if (!member->type)
		return member->is_told_part;
	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(member->type, types[i]))
			return true;
	return false;
}
