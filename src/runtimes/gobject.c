/*
 * GObject, as GLib 2.66 to 2.90 has it. Nothing is called but
 * g_quark_to_string(), which takes no lock. The words of instances are C's:
 * each may be a reference. What is added to them is what no word says: an
 * instance owns its signal handlers, which only a table of GLib's leads to,
 * and the table owns nothing.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "process/symbols.h"
#include "runtimes/gobject.h"
#include "runtimes/gobject_closure.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_mini.h"
#include "runtimes/gobject_qdata.h"
#include "runtimes/gobject_quark.h"
#include "runtimes/gobject_resource.h"
#include "runtimes/gobject_signals.h"
#include "runtimes/gobject_types.h"
#include "runtimes/pygobject.h"
#include "runtimes/pygobject_closure.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "scan/declare.h"
#include "scan/fault.h"
#include "scan/runtime.h"
#include "scan/sheet.h"
#include "scan/variables.h"

#define COUNT_MAX (1u << 30)

static struct symbols_owner gobject, glib;
static bool found; /* types were */
static int failed;

static bool is_here(void)
{
	return symbols_owner(&gobject, "g_type_create_instance") &&
	       symbols_owner(&glib, "g_quark_to_string");
}

static uintptr_t direct_hash;

static void variable_read(uintptr_t at)
{
	if (!found)
		found = gobject_types_read(at);
	gobject_signals_read(at, direct_hash);
}

static void keep(int err)
{
	if (err && err != -EINVAL)
		failed = err;
}

static void param_declare(uintptr_t block, uintptr_t instance)
{
	uint32_t count;

	fault_copy(&count, instance + FORM_PARAM_COUNT, sizeof count);
	if (count && count < COUNT_MAX)
		keep(declare_object(&(struct declared_object){
			.block = block, .at = instance, .count = count}));
}

/* No word leads to a binding but weak ones: it has a reference that is given
 * back when one of the two objects ends. */
static void binding_declare(uintptr_t block, uintptr_t binding)
{
	uint64_t at, source;

	fault_copy(&at, binding + FORM_BINDING_SOURCE, sizeof at);
	source = at;
	if (gobject_block(source) == BLOCK_NONE) {
		fault_copy(&source, at + FORM_BINDING_CONTEXT_SOURCE,
			   sizeof source);
		source &= ~(uint64_t)FORM_QDATA_FLAGS;
	}
	if (gobject_block(source) != BLOCK_NONE)
		keep(declare_link(gobject_block(source), 0, block));
}

static void instance_declare(uintptr_t block, const struct gobject_type *type)
{
	uintptr_t instance = block + type->before;
	struct form_object object;

	if (type->type == GOBJECT_TYPE_PARAM &&
	    type->size - type->before > FORM_PARAM_COUNT + 4)
		param_declare(block, instance);
	if (type->type != GOBJECT_TYPE_OBJECT)
		return;
	fault_copy(&object, instance, sizeof object);
	if (!object.count || object.count >= COUNT_MAX)
		return;
	keep(declare_object(&(struct declared_object){
		.block = block, .at = instance, .count = object.count}));
	if (type->is_binding)
		binding_declare(block, instance);
	if (object.qdata)
		keep(gobject_qdata_declare(block, instance, &object));
}

static void instances_declare(int minis)
{
	uint32_t i, k;

	for (i = 0; i < blocks_sheets_n && !failed; i++) {
		struct sheet *sheet = blocks_sheets[i];

		for (k = 0; k < sheet_cells(sheet); k++) {
			uint64_t bits = sheet->cell[k].begins;

			for (; bits; bits &= bits - 1) {
				uintptr_t block = cell_address(
					sheet, k, __builtin_ctzl(bits));
				const struct gobject_type *type =
					gobject_type_of(block);

				if (type)
					instance_declare(block, type);
				else if (minis > 0)
					keep(gobject_mini_declare(block));
			}
		}
	}
}

static void handler_declare(const struct gobject_entry *entry,
			    uintptr_t handler)
{
	struct form_handler form;

	fault_copy(&form, handler, sizeof form);
	keep(declare_part_apart(handler, entry->block));
	keep(gobject_closure_declare(form.closure));
	keep(declare_link(entry->block,
			  handler + offsetof(struct form_handler, closure),
			  form.closure));
}

static void entry_declare(const struct gobject_entry *entry)
{
	if (failed)
		return;
	keep(declare_part_apart(entry->lists, entry->block));
	keep(declare_weak(entry->key, entry->key + entry->key_size));
	keep(declare_weak(entry->value, entry->value + entry->value_size));
	keep(declare_weak(entry->hash, entry->hash + 4));
	gobject_lists_each(entry, handler_declare);
}

static void set_declare(uintptr_t at, uint32_t size)
{
	keep(declare_weak(at, at + size));
}

static int declare(struct arena *arena)
{
	int minis;

	failed = 0;
	gobject_quark_begin(symbols_address(&glib, "g_quark_to_string"));
	gobject_qdata_begin(symbols_address(&glib, "g_nullify_pointer"));
	gobject_closure_begin(&gobject, &glib);
	gobject_types_begin(gobject.low, gobject.high);
	direct_hash = symbols_address(&glib, "g_direct_hash");
	variables_each(&gobject, variable_read);
	if (gobject_types_failed())
		return gobject_types_failed();
	if (!found)
		return 0;
	minis = gobject_mini_begin(arena);
	if (minis < 0)
		return minis;
	instances_declare(minis);
	gobject_signals_each(entry_declare);
	gobject_handlers_each(set_declare);
	keep(pygobject_spare());
	keep(pygobject_closures());
	return failed;
}

static size_t type_name(uintptr_t block, char *room, size_t size)
{
	const struct gobject_type *type = gobject_type_of(block);

	uint32_t name = type ? type->name : gobject_mini_name(block);

	if (name)
		return gobject_quark(name, room, size);
	if (!gobject_closure_is(block) || size < sizeof "GClosure")
		return 0;
	memcpy(room, "GClosure", sizeof "GClosure");
	return sizeof "GClosure" - 1;
}

static size_t field_name(uintptr_t block, uintptr_t at, uintptr_t to,
			 char *room, size_t size)
{
	uintptr_t holder = at ? blocks_find(at) : BLOCK_NONE;
	struct form_handler handler;

	(void)to;
	if (holder == BLOCK_NONE || !size)
		return 0;
	if (holder == block && at - block == FORM_CLOSURE_BEFORE + 16 &&
	    gobject_closure_is(block) && size > sizeof "data") {
		memcpy(room, "data", sizeof "data");
		return sizeof "data" - 1;
	}
	if (at - holder != offsetof(struct form_handler, closure) ||
	    blocks_size(holder) != sizeof handler)
		return 0;
	fault_copy(&handler, holder, sizeof handler);
	return gobject_block(handler.instance) == block
		       ? gobject_signal_name(handler.signal, handler.detail,
					     room, size)
		       : 0;
}

static uint32_t resources(uintptr_t block, int *fds, uint32_t n)
{
	const struct gobject_type *type = gobject_type_of(block);
	int fd = type ? gobject_descriptor(block, type) : -1;

	if (!n || fd < 0)
		return 0;
	*fds = fd;
	return 1;
}

const struct runtime runtime_gobject = {
	.name = "gobject",
	.is_here = is_here,
	.declare = declare,
	.type = type_name,
	.field = field_name,
	.resources = resources,
};
