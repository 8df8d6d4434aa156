/*
 * See gobject_closure.h. A closure owns what a function of the program is to
 * free when the closure ends: then that function stands among its notifiers.
 * GObject's own functions stand there, too. They get the closure's instance or
 * its data, and own neither. When the data is no object, nobody knows what a
 * function of the program does with it. Some functions of GLib's are known to
 * give a reference back. Data without such a function is a word as any other:
 * it may be a reference.
 */
#include <errno.h>
#include <stddef.h>
#include "process/standin.h"
#include "process/symbols.h"
#include "runtimes/gobject_closure.h"
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_types.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/fault.h"

#define DATA_OFFSET 16 /* in struct form_closure */

static const char *const names[] = {
	"g_array_unref",     "g_atomic_rc_box_release", "g_byte_array_unref",
	"g_bytes_unref",     "g_hash_table_unref",	"g_main_context_unref",
	"g_main_loop_unref", "g_ptr_array_unref",	"g_rc_box_release",
	"g_source_unref",    "g_variant_unref",
};
#define UNREFS (sizeof names / sizeof *names)

static uintptr_t own_low, own_high, unrefs[UNREFS];

void gobject_closure_begin(const struct symbols_owner *gobject,
			   const struct symbols_owner *glib)
{
	size_t i;

	own_low = gobject->low;
	own_high = gobject->high;
	for (i = 0; i < UNREFS; i++)
		unrefs[i] = symbols_address(glib, names[i]);
}

static bool gives_back(uintptr_t function)
{
	size_t i;

	function = standin_behind(function);
	for (i = 0; i < UNREFS && unrefs[i] != function; i++)
		;
	return i < UNREFS && function;
}

/* Whether a notifier has a reference to its data. */
static bool is_owner(const struct form_notifier *notifier)
{
	return gobject_block(notifier->data) != BLOCK_NONE ||
	       (gives_back(notifier->notify) &&
		blocks_find(notifier->data) != BLOCK_NONE);
}

static uint32_t notifiers_n(uint32_t bits)
{
	return 2 * FORM_CLOSURE_GUARDS(bits) + FORM_CLOSURE_FINAL(bits) +
	       FORM_CLOSURE_INVALID(bits);
}

bool gobject_closure_read(uintptr_t at, struct form_closure *out)
{
	uintptr_t block = at - FORM_CLOSURE_BEFORE;
	uint32_t n;

	if (at % 8 || blocks_find(at) != block ||
	    blocks_size(block) < FORM_CLOSURE_BEFORE + sizeof *out)
		return false;
	fault_copy(out, at, sizeof *out);
	n = notifiers_n(out->bits);
	return FORM_CLOSURE_COUNT(out->bits) &&
	       !FORM_CLOSURE_IS_INVALID(out->bits) &&
	       (!n || (blocks_begins(out->notifiers) &&
		       blocks_size(out->notifiers) >=
			       n * sizeof(struct form_notifier)));
}

static bool is_own(uintptr_t function)
{
	return function >= own_low && function < own_high;
}

/* Data of the closure that a notifier frees is one reference, not two. */
static int notifier_declare(uintptr_t at, const struct form_closure *closure,
			    uintptr_t place, bool is_final)
{
	struct form_notifier notifier;

	fault_copy(&notifier, place, sizeof notifier);
	if ((!is_final && is_own(notifier.notify)) || !is_owner(&notifier))
		return 0;
	if (notifier.data == closure->data)
		place = at + DATA_OFFSET;
	return declare_link(at - FORM_CLOSURE_BEFORE, place, notifier.data);
}

/* The first are guards of calls. Then come those for the closure's end, and
 * those that are told when it becomes invalid. */
static int notifiers_declare(uintptr_t at, const struct form_closure *closure)
{
	uint32_t i = 2 * FORM_CLOSURE_GUARDS(closure->bits);
	uint32_t final = i + FORM_CLOSURE_FINAL(closure->bits);
	int err = declare_part(closure->notifiers, at - FORM_CLOSURE_BEFORE);

	if (err)
		return err == -EINVAL ? 0 : err;
	for (; i < notifiers_n(closure->bits) && !err; i++)
		err = notifier_declare(at, closure,
				       closure->notifiers +
					       i * sizeof(struct form_notifier),
				       i < final);
	return err;
}

/* Data that nobody is told to free may be a reference, but mostly are none. */
static int data_declare(uintptr_t at, const struct form_closure *closure)
{
	return gobject_block(closure->data) == BLOCK_NONE
		       ? 0
		       : declare_borrowed(at + DATA_OFFSET,
					  at + DATA_OFFSET + 8);
}

int gobject_closure_declare(uintptr_t at)
{
	struct declared_object object = {
		.block = at - FORM_CLOSURE_BEFORE,
		.at = at,
	};
	struct form_closure closure;
	int err;

	if (!gobject_closure_read(at, &closure))
		return 0;
	object.count = FORM_CLOSURE_COUNT(closure.bits);
	err = declare_object(&object);
	if (err)
		return err == -EINVAL ? 0 : err;
	err = data_declare(at, &closure);
	return !err && notifiers_n(closure.bits)
		       ? notifiers_declare(at, &closure)
		       : err;
}

bool gobject_closure_is(uintptr_t block)
{
	uint32_t number = declared_find(block);
	struct form_closure closure;

	return number != DECLARED_NONE && !gobject_type_of(block) &&
	       !(declared[number].flags & (DECLARED_PART | DECLARED_PLAIN)) &&
	       declared[number].at == FORM_CLOSURE_BEFORE &&
	       gobject_closure_read(block + FORM_CLOSURE_BEFORE, &closure);
}
