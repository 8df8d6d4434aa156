/*
 * See shared_ptr.h. A control block begins with a virtual table of its own,
 * whose type_info names it, and two counts. A shared_ptr or weak_ptr has two
 * words: one is the control block's address, the other leads to the object. So
 * only the first of them is a reference, and one that is the object's address,
 * as in a registry of raw pointers, is none. Which words are of shared and
 * which of weak pointers is not known: a block is explained when as many words
 * are found as both count together.
 *
 * std::make_shared puts the object into the control block. Otherwise it is a
 * block with one owner, the control block: unless a deleter of the program's
 * own decides what becomes of it. Then nothing is known of it.
 *
 * What the program is linked to does not tell: libstdc++ may be in its own
 * file, and then shows nothing.
 *
 * Snapshot child only.
 */
#include <errno.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "runtimes/alike.h"
#include "runtimes/shared_ptr.h"
#include "scan/blocks.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/fault.h"
#include "scan/rtti.h"
#include "scan/runtime.h"

#define COUNT_MOST (1l << 24)
#define CONTROL_LEAST 24u /* bytes: without a pointer */
#define TABLES 1024u

/* Of each class of control blocks: its name; whether its counts are long and
 * begin at 0 (libc++); where the pointer to the object is, 0: the object is
 * inside, or not the control block's alone; what must be in the name for that.
 */
static const struct shape {
	const char *name;
	bool wide;
	uint8_t pointer;
	const char *deleter;
} shapes[] = {
	{"St23_Sp_counted_ptr_inplaceI", false, 0, NULL},
	{"St15_Sp_counted_ptrI", false, 16, NULL},
	{"St19_Sp_counted_deleterI", false, 16, "St14default_deleteI"},
	{"NSt3__120__shared_ptr_emplaceI", true, 0, NULL},
	{"NSt3__120__shared_ptr_pointerI", true, 24,
	 "shared_ptr_default_delete"},
};

struct control {
	uintptr_t table;
	union {
		struct {
			int32_t uses, weak;
		} narrow;
		struct {
			int64_t uses, weak;
		} wide;
	};
	uintptr_t object;
};

/* What is known of virtual tables: a hash table in which the last one stays. */
static struct table {
	uintptr_t table;
	const struct shape *shape;
	bool owns;
} tables[TABLES] LARGE;

static void table_read(struct table *out, uintptr_t table)
{
	static char name[RTTI_NAME] LARGE;
	size_t i;

	*out = (struct table){.table = table};
	if (!rtti_name(table, name, sizeof name))
		return;
	for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		const struct shape *shape = &shapes[i];

		if (strncmp(name, shape->name, strlen(shape->name)))
			continue;
		out->shape = shape;
		out->owns = shape->pointer &&
			    (!shape->deleter || strstr(name, shape->deleter));
	}
}

static const struct table *table_of(uintptr_t table)
{
	struct table *at = &tables[(table >> 3) * 0x9e3779b1u / 64 % TABLES];

	if (at->table != table)
		table_read(at, table);
	return at;
}

/* The object that only the control block owns. */
static int declare_owned(uintptr_t block, uintptr_t at, uintptr_t object)
{
	struct declared_object owned = {
		.block = object,
		.at = object,
		.count = 1,
		.flags = DECLARED_HIDDEN,
	};
	int err;

	if (!blocks_begins(object))
		return 0;
	err = declare_object(&owned);
	if (err)
		return err == -ENOMEM ? err : 0;
	return declare_link(block, at, object);
}

/* Fills how many pointers of both kinds there are. What has no uses is dead,
 * and waits for the last weak pointer. */
static bool counts_read(const struct control *control, bool wide,
			struct declared_object *object)
{
	int64_t uses = wide ? control->wide.uses + 1 : control->narrow.uses;
	int64_t weak = wide ? control->wide.weak + 1 : control->narrow.weak;

	object->count = uses + weak - 1;
	object->weak = weak - 1;
	return uses > 0 && uses <= COUNT_MOST && weak > 0 && weak <= COUNT_MOST;
}

/* What a block's virtual table says of it; NULL: it is no control block. */
static const struct table *control_read(uintptr_t block, uint64_t size,
					struct control *control)
{
	const struct table *table;

	if (size < CONTROL_LEAST)
		return NULL;
	fault_copy(control, block,
		   size < sizeof *control ? CONTROL_LEAST : sizeof *control);
	if (control->table < 4096 || control->table % 8 ||
	    blocks_find(control->table) != BLOCK_NONE)
		return NULL;
	table = table_of(control->table);
	return table->shape ? table : NULL;
}

static int control_declare(uintptr_t block, uint64_t size)
{
	struct declared_object object = {
		.block = block,
		.at = block,
		.flags = DECLARED_EXACT | DECLARED_HIDDEN,
	};
	struct control control;
	const struct table *table = control_read(block, size, &control);
	uintptr_t pointer = 0;
	int err;

	if (!table || !counts_read(&control, table->shape->wide, &object))
		return 0;
	err = declare_object(&object);
	if (err || !table->owns || size < table->shape->pointer + 8u)
		return err == -ENOMEM ? err : 0;
	fault_copy(&pointer, block + table->shape->pointer, sizeof pointer);
	return declare_owned(block, block + table->shape->pointer, pointer);
}

static bool is_control(uintptr_t block, uint64_t size, uint32_t stack)
{
	struct control control;

	(void)stack;
	return control_read(block, size, &control);
}

static struct alike controls = {
	.is = is_control,
	.declare = control_declare,
};

static bool is_here(void)
{
	return alike_exist(&controls);
}

static int declare(struct arena *arena)
{
	return alike_declare(&controls, arena);
}

const struct runtime runtime_shared_ptr = {
	.name = "c++",
	.is_here = is_here,
	.declare = declare,
};
