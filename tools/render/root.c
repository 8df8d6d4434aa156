/*
 * See root.h.
 */
#include "model/entries.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "render/names.h"
#include "render/root.h"

static const char *variable_text(struct report *report, const struct root *root)
{
	const char *name = root->variable;

	if (!root->place.module)
		return "a variable";
	if (!name)
		return text_print(report, "%s+0x%llx",
				  module_name(root->place.module),
				  (unsigned long long)root->place.address);
	return text_print(report, "%s in %s", name,
			  module_name(root->place.module));
}

static const char *stack_text(struct report *report, const struct root *root)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, &root->function, &entries);
	const char *thread = text_print(report, "thread %llu's stack",
					(unsigned long long)root->thread);

	if (!n || !entries[n - 1].symbol->function)
		return thread;
	return text_print(report, "%s: %s()", thread,
			  entry_function(report, &entries[n - 1]));
}

const char *root_name(struct report *report, const struct path *path)
{
	const struct root *root = &path->root;

	switch (root->kind) {
	case ROOT_VARIABLE:
		return variable_text(report, root);
	case ROOT_STACK:
		return stack_text(report, root);
	case ROOT_REGISTER:
		return text_print(report, "thread %llu's registers",
				  (unsigned long long)root->thread);
	case ROOT_THREAD:
		return text_print(report, "thread %llu's thread-local storage",
				  (unsigned long long)root->thread);
	case ROOT_MEMORY:
		return text_print(report, "memory mapped at %s",
				  root->address ? root->address : "?");
	default:
		return path->decree ? path->decree : "no root";
	}
}
