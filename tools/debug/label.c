/*
 * See label.h.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/brief.h"
#include "common/die.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/functions.h"
#include "symbols/place.h"
#include "symbols/scope.h"
#include "debug/attribute.h"
#include "debug/label.h"
#include "debug/store.h"

static const char *keep(struct report *report, char *text)
{
	const char *kept = name_keep(report, text);

	free(text);
	return kept;
}

void label_take(struct known_type *known, Dwarf_Die *entry)
{
	struct type *type = &known->type;
	char *full = die_full_name(known->symbols, entry);

	if (!full)
		return;
	type->full = keep(known->report, full);
	type->name = keep(known->report, name_brief(type->full));
}

void label_closure(struct known_type *known, Dwarf_Die *entry)
{
	Dwarf_Die scopes[SCOPES_MAX];
	size_t n = scopes_of(known->symbols, entry, scopes);
	char *function = NULL, *name;

	while (n && !function)
		if (dwarf_tag(&scopes[--n]) == DW_TAG_subprogram)
			function = die_full_name(known->symbols, &scopes[n]);
	if (asprintf(&name, "lambda%s%s", function ? " in " : "",
		     function ? function : "") < 0)
		die(STATUS_FAILED, "out of memory");
	free(function);
	known->type.name = keep(known->report, name);
}

/* The name of the type to which entry leads, though it may not be loaded; the
 * caller frees it. */
static char *target_name(struct known_type *known, Dwarf_Die *entry)
{
	Dwarf_Die at = *entry, named;
	char *full, *name, *inner;
	int stars, i;

	for (stars = 0; stars < 8; stars++) {
		if (!entry_behind(&at, &named))
			break;
		if (dwarf_tag(&at) != DW_TAG_pointer_type || die_name(&at))
			break;
		if (!entry_reference(&at, DW_AT_type, &at)) {
			stars++;
			named.addr = NULL;
			break;
		}
	}
	full = NULL;
	if (at.addr && dwarf_tag(&at) != DW_TAG_pointer_type) {
		full = die_full_name(known->symbols, &at);
		if (!full && named.addr)
			full = die_full_name(known->symbols, &named);
	} else {
		full = strdup("void");
	}
	if (!full)
		return NULL;
	inner = name_brief(full);
	free(full);
	for (i = 0; i < stars && inner; i++) {
		char *more;

		if (asprintf(&more, "%s%s*", inner, i ? "" : " ") < 0)
			die(STATUS_FAILED, "out of memory");
		free(inner);
		inner = more;
	}
	name = inner;
	return name;
}

void label_pointer(struct known_type *known)
{
	struct type *type = &known->type;
	char *target, *name;

	target = known->target.addr ? target_name(known, &known->target)
				    : strdup("void");
	if (!target)
		return;
	if (asprintf(&name, "%s%s%s", target,
		     target[strlen(target) - 1] == '*' ? "" : " ",
		     type->is_reference ? "&" : "*") < 0)
		die(STATUS_FAILED, "out of memory");
	free(target);
	type->name = keep(known->report, name);
}

void label_array(struct known_type *known, const struct type *of)
{
	const char *name = of->name;
	char length[32] = "", *whole;
	size_t head;

	if (!name)
		return;
	if (known->type.length)
		snprintf(length, sizeof(length), "%llu",
			 (unsigned long long)known->type.length);
	/* The outer length of "int[3][4]" comes first. */
	head = of->kind == TYPE_ARRAY ? strcspn(name, "[") : strlen(name);
	if (asprintf(&whole, "%.*s[%s]%s", (int)head, name, length,
		     name + head) < 0)
		die(STATUS_FAILED, "out of memory");
	known->type.name = keep(known->report, whole);
}
