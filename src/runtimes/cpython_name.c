/* See cpython_name.h. */
#include <stdbool.h>
#include "base/text.h"
#include "runtimes/cpython_container.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_name.h"
#include "runtimes/cpython_objects.h"
#include "runtimes/cpython_text.h"
#include "runtimes/cpython_types.h"
#include "scan/blocks.h"
#include "scan/fault.h"

#define MEMBER_BYTES 40 /* PyMemberDef: name, type, offset, flags, doc */
#define MEMBER_OFFSET 16
#define MEMBERS 256
#define BASES 64

struct naming {
	const struct cpython_object *o;
	uintptr_t block, at;
	struct text text;
};

static void add_index(struct text *text, uint64_t i)
{
	text_add(text, "[");
	text_number(text, i);
	text_add(text, "]");
}

/* An entry of a dictionary: `['key']`. */
static void add_key(struct text *text, uintptr_t key)
{
	uintptr_t type = word_of(key, OBJECT_TYPE);
	size_t used = text->used;

	text_add(text, "['");
	if (cpython_add_str(text, key)) {
		text_add(text, "']");
		return;
	}
	text->used = used;
	text_add(text, "[<");
	cpython_add_type(text, type);
	text_add(text, ">]");
}

static bool name_entry(struct naming *naming, uintptr_t dict, bool attribute)
{
	uintptr_t at = naming->at, entry, values;
	struct keys_table keys;
	uint64_t i;

	if (!cpython_keys(word_at(dict + DICT_KEYS), &keys) || !keys.n)
		return false;
	values = word_at(dict + DICT_VALUES);
	if (values && cpython.minor >= 13)
		values += 8;
	i = values ? (at - values) / 8 : (at - keys.entries) / keys.step;
	if (i >= keys.n)
		return false;
	entry = keys.entries + i * keys.step;
	if (!values && at != entry + keys.value) {
		text_add(&naming->text, "<key>");
		return true;
	}
	if (!attribute)
		add_key(&naming->text, word_at(entry + keys.key));
	return !attribute ||
	       cpython_add_str(&naming->text, word_at(entry + keys.key));
}

/* A value of an instance that has no dictionary: the class has the names. */
static bool name_value(struct naming *naming)
{
	const struct cpython_type *type = object_type(naming->o);
	uint32_t offset = cpython.minor < 10   ? 864
			  : cpython.minor < 12 ? 872
					       : 880;
	uintptr_t block, values;
	struct keys_table keys;
	uint64_t i;

	values = cpython_values(type, object_at(naming->o), &block);
	if (!values || naming->at < values ||
	    !cpython_keys(word_at(type->at + offset), &keys))
		return false;
	i = (naming->at - values) / 8;
	return i < keys.n && cpython_add_str(&naming->text,
					     word_at(keys.entries +
						     i * keys.step + keys.key));
}

static bool is_in(const struct naming *naming, uintptr_t at)
{
	return is_pointer(at) && blocks_find(at) == blocks_find(naming->at);
}

static bool name_owned(struct naming *naming)
{
	uintptr_t at = object_at(naming->o), place, dict;

	place = cpython_dict_place(object_type(naming->o), at);
	dict = place ? word_at(place) : 0;
	if (naming->at == place) {
		text_add(&naming->text, "__dict__");
		return true;
	}
	return is_pointer(dict) &&
	       word_at(dict + OBJECT_TYPE) == cpython.dict &&
	       (is_in(naming, word_at(dict + DICT_KEYS)) ||
		is_in(naming, word_at(dict + DICT_VALUES))) &&
	       name_entry(naming, dict, true);
}

/* The names of a code object's free variables are the last of its variables,
 * before 3.11 apart. */
static bool add_free(struct text *text, uintptr_t code, uint64_t i)
{
	bool apart = cpython.minor < 11;
	uintptr_t names = word_of(code, apart ? 80 : 96);
	uint64_t n, first = 0;

	if (word_of(names, OBJECT_TYPE) != cpython.tuple)
		return false;
	n = word_at(names + OBJECT_SIZE);
	if (!apart)
		first = n - (uint32_t)word_at(code +
					      (cpython.minor == 11 ? 92 : 88));
	if (first + i >= n)
		return false;
	text_add(text, "<cell ");
	if (!cpython_add_str(text, word_at(names + cpython.tuple_items +
					   8 * (first + i))))
		text_add(text, "?");
	text_add(text, ">");
	return true;
}

static bool name_closure(struct naming *naming)
{
	uintptr_t at = object_at(naming->o), closure, items;

	closure = word_at(cpython_closure_place(at));
	items = closure + cpython.tuple_items;
	if (!is_in(naming, closure) || naming->at < items)
		return false;
	return add_free(&naming->text,
			word_at(at + (cpython.minor < 10 ? 16 : 48)),
			(naming->at - items) / 8);
}

/* Slots, and what C types tell of their members. */
static bool name_member(struct naming *naming)
{
	uintptr_t type = object_type(naming->o)->at, member;
	uintptr_t offset = naming->at - object_at(naming->o);
	char name[128];
	uint32_t i, k;

	for (i = 0; is_pointer(type) && i < BASES; i++) {
		member = word_at(type + TYPE_MEMBERS);
		for (k = 0; word_of(member, 0) && k < MEMBERS; k++) {
			if (word_at(member + MEMBER_OFFSET) == offset) {
				fault_copy(name, word_at(member), sizeof name);
				name[sizeof name - 1] = 0;
				text_add(&naming->text, name);
				return true;
			}
			member += MEMBER_BYTES;
		}
		type = word_at(type + TYPE_BASE);
	}
	return false;
}

struct word_name {
	uint32_t at;
	const char *name;
};

static bool name_listed(struct naming *naming, const struct word_name *list)
{
	uintptr_t offset = naming->at - object_at(naming->o);

	for (; list->name; list++)
		if (list->at == offset) {
			text_add(&naming->text, list->name);
			return true;
		}
	return false;
}

/* What no member tells. */
static bool name_known(struct naming *naming)
{
	static const struct word_name old_function[] = {{16, "__code__"},
							{32, "__defaults__"},
							{40, "__kwdefaults__"},
							{48, "__closure__"},
							{72, "__dict__"},
							{96, "__annotations__"},
							{0, NULL}};
	static const struct word_name function[] = {{48, "__code__"},
						    {56, "__defaults__"},
						    {64, "__kwdefaults__"},
						    {72, "__closure__"},
						    {88, "__dict__"},
						    {112, "__annotations__"},
						    {0, NULL}};
	static const struct word_name type[] = {{TYPE_BASE, "__base__"},
						{TYPE_DICT, "__dict__"},
						{336, "__bases__"},
						{TYPE_MRO, "__mro__"},
						{0, NULL}};
	static const struct word_name exception[] = {
		{16, "__dict__"}, {24, "args"}, {0, NULL}};
	static const struct word_name old_raised[] = {{32, "__traceback__"},
						      {40, "__context__"},
						      {48, "__cause__"},
						      {0, NULL}};
	static const struct word_name raised[] = {{32, "__notes__"},
						  {40, "__traceback__"},
						  {48, "__context__"},
						  {56, "__cause__"},
						  {0, NULL}};
	const struct cpython_type *t = object_type(naming->o);

	if (t->function)
		return name_listed(naming, cpython.minor < 10 ? old_function
							      : function);
	if (t->flags & FLAG_TYPE)
		return name_listed(naming, type);
	return t->flags & FLAG_EXCEPTION &&
	       (name_listed(naming, exception) ||
		name_listed(naming, cpython.minor < 11 ? old_raised : raised));
}

static bool name_inner(struct naming *naming)
{
	const struct cpython_type *type = object_type(naming->o);
	uintptr_t at = object_at(naming->o), items = at + cpython.tuple_items;

	if (naming->at == at + OBJECT_TYPE)
		text_add(&naming->text, "__class__");
	else if (type->kind == KIND_CELL)
		text_add(&naming->text, "cell_contents");
	else if (type->kind == KIND_WEAK && naming->at == at + WEAK_CALLBACK)
		text_add(&naming->text, "__callback__");
	else if (type->kind == KIND_TUPLE && naming->at >= items &&
		 (naming->at - items) / 8 < word_at(at + OBJECT_SIZE))
		add_index(&naming->text, (naming->at - items) / 8);
	else
		return name_member(naming) || name_known(naming);
	return true;
}

static bool name_container(struct naming *naming)
{
	const struct cpython_type *type = object_type(naming->o);
	uintptr_t at = object_at(naming->o), items = word_at(at + LIST_ITEMS);

	if (type->kind == KIND_LIST && is_in(naming, items))
		add_index(&naming->text, (naming->at - items) / 8);
	else if (type->kind == KIND_SET &&
		 is_in(naming, word_at(at + SET_TABLE)))
		text_add(&naming->text, "<item>");
	else
		return type->kind == KIND_DICT &&
		       (is_in(naming, word_at(at + DICT_KEYS)) ||
			is_in(naming, word_at(at + DICT_VALUES))) &&
		       name_entry(naming, at, false);
	return true;
}

static void name_field(void *data)
{
	struct naming *naming = data;

	naming->o = cpython_object(naming->block);
	if (!naming->o)
		return;
	if (name_container(naming) || name_value(naming) || name_owned(naming))
		return;
	if (object_type(naming->o)->function && name_closure(naming))
		return;
	if (blocks_find(naming->at) == naming->block)
		(void)name_inner(naming);
}

size_t cpython_field_name(uintptr_t block, uintptr_t at, uintptr_t to,
			  char *room, size_t size)
{
	struct naming naming = {
		.block = block, .at = at, .text = {room, size, 0}};

	(void)to;
	if (!at)
		return 0;
	cpython_run(name_field, &naming);
	return naming.text.used;
}

static void name_type(void *data)
{
	struct naming *naming = data;

	naming->o = cpython_object(naming->block);
	if (naming->o)
		cpython_add_type(&naming->text, object_type(naming->o)->at);
}

size_t cpython_type_name(uintptr_t block, char *room, size_t size)
{
	struct naming naming = {.block = block, .text = {room, size, 0}};

	cpython_run(name_type, &naming);
	return naming.text.used;
}
