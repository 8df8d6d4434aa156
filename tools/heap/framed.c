/*
 * See framed.h.
 */
#include <string.h>

#include "heap/framed.h"
#include "heap/strings.h"
#include "heap/traces.h"
#include "model/entries.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/names.h"

const char *symbol_label(struct report *report, const struct frame *frame,
			 const struct symbol *symbol)
{
	struct entry_line entry = {.frame = frame, .symbol = symbol};

	if (symbol->function)
		return entry_function(report, &entry);
	if (!frame->module || !*frame->module->path)
		return text_print(report, "0x%llx",
				  (unsigned long long)frame->address);
	return text_print(report, "%s+0x%llx", module_name(frame->module),
			  (unsigned long long)frame->address);
}

uint32_t frame_trace(struct report *report, struct strings *strings,
		     const struct frame *frame, uint32_t parent,
		     struct traces *traces)
{
	const struct place *place = frame->place;
	size_t k;

	for (k = place->n; k-- > 0;) {
		const struct symbol *symbol = &place->symbols[k];
		const char *name = symbol_label(report, frame, symbol);
		const char *file = symbol->file;
		struct trace_function function;

		if (!file)
			file = frame->module ? frame->module->path : "";
		function.name = string_number_n(strings, name, strlen(name));
		function.file = string_number_n(strings, file, strlen(file));
		function.line = symbol->line > 0 ? (uint32_t)symbol->line : 0;
		parent = trace_add(traces, parent, &function);
	}
	return parent;
}
