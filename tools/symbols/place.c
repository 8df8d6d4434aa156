/*
 * See place.h.
 */
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

#include "common/die.h"
#include "common/text.h"
#include "model/model.h"
#include "symbols/place.h"

const char *name_keep(struct report *report, const char *name)
{
	char *text = text_from_bytes(name, strlen(name));
	const char *kept;

	if (!text)
		die(STATUS_FAILED, "out of memory");
	kept = obstack_copy0(&report->memory, text, (int)strlen(text));
	free(text);
	return kept;
}

/* "<alloc::rc::Rc<T>>::new" is written as a programmer writes it:
 * "alloc::rc::Rc<T>::new". The brackets stay where they say "as". */
static void brackets_drop(char *name)
{
	char *p, *end = NULL;
	int depth = 0;

	if (name[0] != '<')
		return;
	for (p = name; *p && !end; p++) {
		depth += (*p == '<') - (*p == '>' && p[-1] != '-');
		if (depth == 1 && !strncmp(p, " as ", 4))
			return;
		if (!depth)
			end = p;
	}
	if (!end || end[1] != ':' || strchr("&*[(!", name[1]))
		return;
	memmove(name, name + 1, (size_t)(end - name - 1));
	memmove(end - 1, end + 1, strlen(end + 1) + 1);
}

const char *name_demangle(struct report *report, const char *name)
{
	const int options = DMGL_PARAMS | DMGL_ANSI;
	char *plain = NULL;
	const char *kept;

	if (name[0] == '_' && (name[1] == 'Z' || name[1] == 'R'))
		plain = rust_demangle(name, options);
	if (plain)
		brackets_drop(plain);
	else if (name[0] == '_' && name[1] == 'Z')
		plain = cplus_demangle_v3(name, options);
	kept = name_keep(report, plain ? plain : name);
	free(plain);
	return kept;
}

struct place *place_new(struct report *report, size_t n)
{
	struct place *place = obstack_alloc(&report->memory, sizeof(*place));

	memset(place, 0, sizeof(*place));
	place->n = n;
	place->symbols =
		obstack_alloc(&report->memory, n * sizeof(*place->symbols));
	memset(place->symbols, 0, n * sizeof(*place->symbols));
	return place;
}
