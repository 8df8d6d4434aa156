/*
 * See lsan.h. The head of a finding is its direct leak, all other members are
 * indirect ones. What a finding keeps besides has no stack here, and is in the
 * sum alone.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "common/text.h"
#include "forms/lsan.h"
#include "forms/places.h"
#include "model/entries.h"
#include "model/model.h"
#include "render/order.h"

#define RULE \
	"=================================================================\n"

static void shown_write(FILE *out, const char *text)
{
	char *shown = text_shown(text, true);

	fputs(shown ? shown : "?", out);
	free(shown);
}

/* "#0 0x1234 in make club.c:4:7", "#1 0x1234  (/lib/libx.so+0x1234)" */
static void frame_print(size_t n, const struct entry_line *entry, FILE *out)
{
	const struct symbol *symbol = entry->symbol;
	const struct module *module = entry->frame->module;

	fprintf(out, "    #%zu 0x%" PRIx64 " ", n, entry->frame->address);
	if (symbol->function) {
		fputs("in ", out);
		shown_write(out, symbol->function);
	}
	fputc(' ', out);
	if (symbol->file) {
		shown_write(out, symbol->file);
		if (symbol->line > 0)
			fprintf(out, ":%d", symbol->line);
		if (symbol->line > 0 && symbol->column > 0)
			fprintf(out, ":%d", symbol->column);
	} else {
		fputc('(', out);
		shown_write(out, module ? module->path : "<unknown module>");
		fprintf(out, "+0x%" PRIx64 ")", entry->frame->address);
	}
	fputc('\n', out);
}

static void leak_print(struct report *report, const struct held_place *place,
		       const char *how, FILE *out)
{
	struct entry_line *entries;
	size_t n = stack_entries(report, place->stack, &entries), i;

	fprintf(out,
		"%s leak of %" PRIu64 " byte(s) in %" PRIu64
		" object(s) allocated from:\n",
		how, place->bytes, place->count);
	for (i = 0; i < n; i++)
		frame_print(i, &entries[i], out);
	if (!n)
		fputs("    #0 0x0  (<unknown module>)\n", out);
	fputc('\n', out);
}

static void finding_leaks(struct report *report, const struct finding *finding,
			  uint64_t *bytes, uint64_t *count, FILE *out)
{
	size_t n, i;
	struct held_place *places = places_make(finding, &n);

	for (i = 0; i < n; i++) {
		leak_print(report, &places[i], i ? "Indirect" : "Direct", out);
		*bytes += places[i].bytes;
		*count += places[i].count;
	}
	if (!finding->is_nested) {
		*bytes += places[0].retained_bytes;
		*count += places[0].retained_count;
	}
	free(places);
}

void lsan_print(struct report *report, FILE *out)
{
	struct order order = order_alarms(report);
	uint64_t bytes = 0, count = 0;
	size_t i;

	if (order.n)
		fprintf(out,
			RULE "==%lld==ERROR: LeakSanitizer: detected "
			     "memory leaks\n\n",
			(long long)report->programs->pid);
	for (i = 0; i < order.n; i++)
		finding_leaks(report, order.list[i].finding, &bytes, &count,
			      out);
	if (order.n)
		fprintf(out,
			"SUMMARY: LeakSanitizer: %" PRIu64
			" byte(s) leaked in %" PRIu64 " allocation(s).\n",
			bytes, count);
	free(order.list);
}
