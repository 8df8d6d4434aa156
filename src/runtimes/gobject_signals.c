/*
 * See gobject_signals.h. One table leads from each instance to an array of
 * lists, one for each signal that has handlers; one is the set of all
 * handlers; one has the signals. GLib does not export them. They are known by
 * their form, each entry for itself: what is an entry's key and what its
 * handlers say must agree.
 */
#include <string.h>
#include "runtimes/gobject_form.h"
#include "runtimes/gobject_hash.h"
#include "runtimes/gobject_quark.h"
#include "runtimes/gobject_signals.h"
#include "runtimes/gobject_types.h"
#include "scan/blocks.h"
#include "scan/fault.h"

#define TABLES 8 /* tables that may be one of GLib's own */
#define SIGNALS_MAX 65536u
#define LISTS_MAX 4096u
#define HANDLERS_MAX (1u << 24) /* of one signal of an instance */

static struct {
	uintptr_t direct[TABLES], set[TABLES]; /* blocks */
	uint32_t direct_n, set_n;
	uintptr_t signals;
} s;

static bool signal_read(uintptr_t signals, uint32_t id, struct form_signal *out)
{
	uint64_t at;

	if (!signals || id >= SIGNALS_MAX ||
	    blocks_size(signals) < 8ul * (id + 1))
		return false;
	fault_copy(&at, signals + 8ul * id, sizeof at);
	if (!blocks_begins(at) || blocks_size(at) < sizeof *out)
		return false;
	fault_copy(out, at, sizeof *out);
	return out->id == id && out->name;
}

/* The first signal of all is GObject's. */
static bool has_signals(uintptr_t block)
{
	struct form_signal signal;
	uint64_t none;

	fault_copy(&none, block, sizeof none);
	return !none && signal_read(block, 1, &signal) &&
	       signal.type == GOBJECT_TYPE_OBJECT;
}

void gobject_signals_read(uintptr_t at, uintptr_t direct)
{
	struct gobject_hash table;
	uint64_t block;

	fault_copy(&block, at, sizeof block);
	if (!blocks_begins(block))
		return;
	if (gobject_hash_read(block, &table)) {
		if (table.hash == direct && !table.equal) {
			if (s.direct_n < TABLES)
				s.direct[s.direct_n++] = block;
		} else if (table.keys == table.values && s.set_n < TABLES) {
			s.set[s.set_n++] = block;
		}
	} else if (!s.signals && has_signals(block)) {
		s.signals = block;
	}
}

static bool handler_read(uintptr_t at, struct form_handler *out)
{
	if (!blocks_begins(at) || blocks_size(at) != sizeof *out)
		return false;
	fault_copy(out, at, sizeof *out);
	return true;
}

static uint32_t lists_n(uintptr_t lists)
{
	struct form_lists head;

	fault_copy(&head, lists, sizeof head);
	return head.n;
}

static bool list_read(uintptr_t lists, uint32_t i, struct form_list *out)
{
	fault_copy(out, lists + sizeof(struct form_lists) + i * sizeof *out,
		   sizeof *out);
	return out->signal && out->signal < SIGNALS_MAX;
}

/* Lists are in order of their signals. Each one's first handler is of that
 * signal, and of that instance. */
static bool is_lists(uintptr_t lists, uintptr_t instance)
{
	uint32_t n, i, signal = 0;
	struct form_handler handler;
	struct form_list list;

	if (!blocks_begins(lists))
		return false;
	n = lists_n(lists);
	if (!n || n > LISTS_MAX ||
	    blocks_size(lists) <
		    sizeof(struct form_lists) + n * sizeof(struct form_list))
		return false;
	for (i = 0; i < n; i++) {
		if (!list_read(lists, i, &list) || list.signal <= signal)
			return false;
		signal = list.signal;
		if (list.first && (!handler_read(list.first, &handler) ||
				   handler.instance != instance ||
				   handler.signal != signal || handler.prev))
			return false;
	}
	return true;
}

static void table_each(uintptr_t block,
		       void (*visit)(const struct gobject_entry *entry))
{
	struct gobject_hash table;
	struct gobject_pair pair;
	uint32_t i;

	if (!gobject_hash_read(block, &table) || table.keys == table.values)
		return;
	for (i = 0; i < table.n; i++) {
		uintptr_t instance;

		if (!gobject_hash_pair(&table, i, &pair))
			continue;
		instance = gobject_block(pair.key);
		if (instance == BLOCK_NONE || !is_lists(pair.value, pair.key))
			continue;
		visit(&(struct gobject_entry){
			.instance = pair.key,
			.block = instance,
			.lists = pair.value,
			.key = pair.key_at,
			.value = pair.value_at,
			.key_size = table.key_size,
			.value_size = table.value_size,
			.hash = pair.hash_at,
		});
	}
}

void gobject_signals_each(void (*visit)(const struct gobject_entry *entry))
{
	uint32_t i;

	for (i = 0; i < s.direct_n; i++)
		table_each(s.direct[i], visit);
}

/* A handler's hash is its number, but for those that mark unused places. */
static bool is_hash(uint64_t number, uint32_t hash)
{
	return (uint32_t)number == hash || ((uint32_t)number < 2 && hash == 2);
}

static void set_each(uintptr_t block,
		     void (*visit)(uintptr_t at, uint32_t size))
{
	struct gobject_hash table;
	struct gobject_pair pair;
	struct form_handler handler;
	uint32_t i;

	if (!gobject_hash_read(block, &table))
		return;
	for (i = 0; i < table.n; i++)
		if (gobject_hash_pair(&table, i, &pair) &&
		    handler_read(pair.key, &handler) &&
		    is_hash(handler.number, pair.hash) &&
		    gobject_block(handler.instance) != BLOCK_NONE)
			visit(pair.key_at, table.key_size);
}

void gobject_handlers_each(void (*visit)(uintptr_t at, uint32_t size))
{
	uint32_t i;

	for (i = 0; i < s.set_n; i++)
		set_each(s.set[i], visit);
}

void gobject_lists_each(const struct gobject_entry *entry,
			void (*visit)(const struct gobject_entry *entry,
				      uintptr_t handler))
{
	uint32_t n = lists_n(entry->lists), i, left;
	struct form_handler handler;
	struct form_list list;

	for (i = 0; i < n; i++) {
		if (!list_read(entry->lists, i, &list))
			return;
		left = HANDLERS_MAX;
		for (; list.first && left--; list.first = handler.next) {
			if (!handler_read(list.first, &handler) ||
			    handler.instance != entry->instance)
				break;
			visit(entry, list.first);
		}
	}
}

/* Appends as much of a string as there is room for, cut off before `size`. */
static size_t append(char *room, size_t n, size_t size, const char *text)
{
	size_t more = strlen(text);

	if (n + more + 1 > size)
		more = size - n - 1;
	memcpy(room + n, text, more);
	room[n + more] = '\0';
	return n + more;
}

size_t gobject_signal_name(uint32_t signal, uint32_t detail, char *room,
			   size_t size)
{
	struct form_signal node;
	char name[64];
	size_t n;

	if (size < 2)
		return 0;
	n = append(room, 0, size, "<signal");
	if (signal_read(s.signals, signal, &node) &&
	    gobject_string(node.name, name, sizeof name)) {
		n = append(room, n, size, " ");
		n = append(room, n, size, name);
		if (detail && gobject_quark(detail, name, sizeof name)) {
			n = append(room, n, size, "::");
			n = append(room, n, size, name);
		}
	}
	return append(room, n, size, ">");
}
