/*
 * See mains.h. The C library calls main(), and that of a Rust program calls
 * std's lang_start(), which may be inlined. Rust describes which function is
 * the program's.
 */
#include <dwarf.h>
#include <string.h>

#include "common/text.h"
#include "model/functions.h"
#include "model/model.h"
#include "symbols/functions.h"
#include "symbols/mains.h"
#include "symbols/symbols.h"
#include "symbols/symtab.h"

static const char *outer_function(const struct frame *frame)
{
	const char *name = frame->place->symbols[frame->place->n - 1].function;

	return name ? name : "";
}

/* From here on there is the C library, then where the program begins. */
static bool is_libc(const struct stack *stack, size_t i)
{
	const struct module *program = stack->frames[stack->n - 1].module;

	if (!program || stack->frames[i - 1].module != program ||
	    strcmp(outer_function(&stack->frames[stack->n - 1]), "_start"))
		return false;
	for (; i + 1 < stack->n && stack->frames[i].module != program; i++)
		;
	return i + 1 == stack->n;
}

/* From here on there is Rust's library, up to what starts a program. */
static bool is_lang_start(const struct stack *stack, size_t i)
{
	size_t first = i;

	if (function_is_standard(outer_function(&stack->frames[i - 1])))
		return false;
	for (; i < stack->n; i++) {
		const char *name = outer_function(&stack->frames[i]);

		if (text_begins(name, "std::rt::lang_start"))
			return true;
		if (!function_is_rust(name) || !function_is_standard(name))
			return i > first && !strcmp(name, "main");
	}
	return false;
}

bool main_is_called(const struct stack *stack, size_t i, bool *is_rust)
{
	*is_rust = is_lang_start(stack, i);
	return *is_rust || is_libc(stack, i);
}

static bool is_marked(Dwarf_Die *function)
{
	return dwarf_hasattr(function, DW_AT_main_subprogram);
}

/* The first call looks at all functions of the program. */
static bool marked_find(struct symbols *symbols, Dwarf_Die *function)
{
	if (!symbols->main_asked) {
		symbols->main_asked = true;
		symbols->main_found =
			function_find(symbols, is_marked, &symbols->main);
	}
	*function = symbols->main;
	return symbols->main_found;
}

bool main_find(struct symbols *symbols, bool is_rust, Dwarf_Die *function)
{
	uint64_t address;
	Dwarf_Addr bias;
	Dwarf_Die cu;

	if (is_rust)
		return marked_find(symbols, function);
	return entry_address(symbols, "main", &address) &&
	       unit_at(symbols, address, &cu, &bias) &&
	       function_at(symbols, &cu, address - bias, function);
}
