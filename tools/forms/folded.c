/*
 * See folded.h. Lines with the same frames are added up by their readers.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "forms/escape.h"
#include "forms/folded.h"
#include "forms/places.h"
#include "model/entries.h"
#include "model/model.h"
#include "render/names.h"
#include "render/order.h"

static void stack_fold(struct report *report, const struct stack *stack,
		       FILE *out)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, stack, &entries);

	if (!n)
		fputs("unknown", out);
	while (n-- > 0) {
		frame_write(out, entries[n].symbol->function
					 ? entry_function(report, &entries[n])
					 : entry_where(report, &entries[n]));
		if (n)
			fputc(';', out);
	}
}

static void finding_fold(struct report *report, const struct finding *finding,
			 FILE *out)
{
	size_t n, i;
	struct held_place *places = places_make(finding, &n);

	for (i = 0; i < n; i++) {
		stack_fold(report, places[i].stack, out);
		fprintf(out, " %" PRIu64 "\n", places[i].bytes);
	}
	free(places);
}

void folded_print(struct report *report, FILE *out)
{
	struct order order = order_alarms(report);
	size_t i;

	for (i = 0; i < order.n; i++)
		finding_fold(report, order.list[i].finding, out);
	free(order.list);
}
