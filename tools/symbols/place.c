/*
 * See place.h.
 */
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

char *__cxa_demangle(const char *mangled, char *buffer, size_t *length,
		     int *status);

const char *name_demangle(struct report *report, const char *name)
{
	char *plain = NULL;
	const char *kept;
	int status;

	if (name[0] == '_' && name[1] == 'Z')
		plain = __cxa_demangle(name, NULL, NULL, &status);
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
