/*
 * The registry of modules. It is append-only, so that a look-up reads it
 * without a lock. A lock of ours is taken to register or to bury a module. The
 * loader is asked by _dl_find_object, which takes none of its locks. Runs
 * inside the guard, on whatever small stack the program has.
 */
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/lock.h"
#include "base/sys.h"
#include "stack/headers.h"
#include "stack/module.h"
#include "stack/unwind.h"

uint64_t module_generation = 1;

#define CHUNK 256u

struct entry {
	struct module module;
	const struct link_map
		*map;	  /* not followed once the module may be gone */
	const char *name; /* map->l_name as it was */
	struct headers headers;
	uintptr_t low, high; /* the segment by which it was found, or the whole
				module */
	bool live;
};

static struct entry *chunks[MODULE_MAX / CHUNK] LARGE;
static uint32_t count = 1; /* index 0 is none */
static struct lock lock = LOCK_INIT(LOCK_MODULE);
static struct arena arena;	     /* under the lock */
static char scratch[2 * 4096] LARGE; /* under the lock */

static struct entry *entry_at(uint32_t index)
{
	return &chunks[index / CHUNK][index % CHUNK];
}

const struct module *module_get(uint32_t index)
{
	static const struct module none = {.path = ""};

	return index && index < module_count() ? &entry_at(index)->module
					       : &none;
}

uint32_t module_count(void)
{
	return __atomic_load_n(&count, __ATOMIC_ACQUIRE);
}

static bool is_live(const struct entry *entry)
{
	return __atomic_load_n(&entry->live, __ATOMIC_ACQUIRE);
}

static bool is_same(const struct entry *entry, const struct dl_find_object *at)
{
	return is_live(entry) && entry->map == at->dlfo_link_map &&
	       entry->module.bias == at->dlfo_link_map->l_addr &&
	       !strcmp(entry->name, at->dlfo_link_map->l_name);
}

/* Searched from the newest, which is the likeliest to be met for the first
 * time. */
static bool frozen;

static uint32_t find(const struct dl_find_object *at)
{
	for (uint32_t i = module_count(); --i;)
		if (is_same(entry_at(i), at))
			return i;
	return 0;
}

static const char *copy(const char *text)
{
	size_t n = strlen(text) + 1;
	char *kept = arena_alloc(&arena, n);

	return kept ? memcpy(kept, text, n) : "";
}

/* The loader calls the executable "", and others by the name that dlopen was
 * given. Relative names become absolute now, while the directory is likely
 * still the same. */
static const char *path_of(const char *name)
{
	const size_t half = sizeof(scratch) / 2;
	long n;

	if (!*name) {
		n = sys(SYS_readlink, "/proc/self/exe", scratch, half - 1);
		if (sys_failed(n))
			return "";
		scratch[n] = 0;
		return copy(scratch);
	}
	if (*name == '/' || !strchr(name, '/') || strlen(name) >= half)
		return copy(name);
	n = sys(SYS_getcwd, scratch, half);
	if (sys_failed(n) || *scratch != '/')
		return copy(name);
	strcat(scratch, "/");
	strcat(scratch, name);
	return copy(scratch);
}

/* Generation 0 is skipped: it would match slots in which no rule was ever
 * written. */
static void next_generation(void)
{
	if (!(__atomic_add_fetch(&module_generation, 1, __ATOMIC_ACQ_REL) &
	      0xffff))
		__atomic_add_fetch(&module_generation, 1, __ATOMIC_ACQ_REL);
}

static void bury(struct entry *entry)
{
	__atomic_store_n(&entry->live, false, __ATOMIC_RELEASE);
	next_generation();
	unwind_forget();
}

/* The loader closes some modules itself. Such a module is noticed when another
 * stands in its place. */
static void bury_overlapped(const struct entry *new)
{
	for (uint32_t i = module_count(); --i;) {
		struct entry *entry = entry_at(i);

		if (is_live(entry) && entry->low < new->high &&
		    entry->high > new->low)
			bury(entry);
	}
}

/* All members except those that are copied. */
static struct entry describe(const struct dl_find_object *at)
{
	struct entry entry = {
		.map = at->dlfo_link_map,
		.name = at->dlfo_link_map->l_name,
		.low = (uintptr_t)at->dlfo_map_start,
		.high = (uintptr_t)at->dlfo_map_end,
		.module = {.bias = at->dlfo_link_map->l_addr,
			   .eh_frame_hdr = at->dlfo_eh_frame},
	};
	struct module *module = &entry.module;

	module->start = entry.low;
	module->end = entry.high;
	headers_find(&entry.headers, module->bias, entry.low, !*entry.name);
	headers_widen(&entry.headers, &module->start, &module->end);
	module->build_id_n = headers_build_id(&entry.headers, module->build_id);
	return entry;
}

static bool is_again(const struct entry *old, const struct entry *new)
{
	const struct module *a = &old->module, *b = &new->module;

	return !is_live(old) && b->build_id_n &&
	       a->build_id_n == b->build_id_n &&
	       !memcmp(a->build_id, b->build_id, sizeof(a->build_id)) &&
	       a->bias == b->bias && a->start == b->start && a->end == b->end &&
	       !strcmp(old->name, new->name);
}

/* Finds the same module at the same place, opened again. So a program that
 * opens and closes one all day does not use up the indices. */
static uint32_t revive(const struct entry *new)
{
	for (uint32_t i = count; --i;) {
		struct entry *entry = entry_at(i);

		if (!is_again(entry, new))
			continue;
		entry->map = new->map;
		entry->low = new->low;
		entry->high = new->high;
		__atomic_store_n(&entry->live, true, __ATOMIC_RELEASE);
		return i;
	}
	return 0;
}

/* Under the lock. */
static uint32_t add(const struct dl_find_object *at)
{
	struct entry new = describe(at), **chunk = &chunks[count / CHUNK];
	uint32_t index;

	bury_overlapped(&new);
	index = revive(&new);
	if (index || count >= MODULE_MAX)
		return index;
	if (!*chunk)
		*chunk = arena_map(CHUNK * sizeof(**chunk));
	if (!*chunk)
		return 0;
	new.module.path = path_of(new.name);
	new.name = copy(new.name);
	new.live = true;
	*entry_at(count) = new;
	__atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
	return count - 1;
}

uint32_t module_pseudo(const char *name)
{
	struct entry **chunk;
	uint32_t index = 0;

	lock_take(&lock);
	chunk = &chunks[count / CHUNK];
	if (!*chunk && count < MODULE_MAX)
		*chunk = arena_map(CHUNK * sizeof(**chunk));
	if (count < MODULE_MAX && *chunk) {
		index = count;
		*entry_at(index) =
			(struct entry){.name = name, .module = {.path = name}};
		__atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
	}
	lock_drop(&lock);
	return index;
}

static uint32_t find_registered(uintptr_t address)
{
	for (uint32_t i = module_count(); --i;) {
		const struct entry *e = entry_at(i);

		if (e->live && address >= e->module.start &&
		    address < e->module.end)
			return i;
	}
	return 0;
}

void module_freeze(void)
{
	frozen = true;
}

uint32_t module_find(uintptr_t address)
{
	struct dl_find_object at;
	uint32_t index;

	if (frozen)
		return find_registered(address);
	if (_dl_find_object((void *)address, &at) || !at.dlfo_link_map)
		return 0;
	index = find(&at);
	if (index)
		return index;
	lock_take(&lock);
	index = find(&at);
	if (!index)
		index = add(&at);
	lock_drop(&lock);
	return index;
}

void module_unloaded(void)
{
	struct dl_find_object at;

	lock_take(&lock);
	for (uint32_t i = count; --i;) {
		struct entry *entry = entry_at(i);

		if (!is_live(entry))
			continue;
		if (_dl_find_object((void *)entry->low, &at) ||
		    at.dlfo_link_map != entry->map)
			bury(entry);
	}
	lock_drop(&lock);
}

size_t module_readable(uint32_t index, uintptr_t address)
{
	return index && index < module_count()
		       ? headers_readable(&entry_at(index)->headers, address)
		       : 0;
}

bool module_is_program(uint32_t index)
{
	return index && index < module_count() && !*entry_at(index)->name;
}

void module_fork_prepare(void)
{
	lock_take(&lock);
}

void module_fork_done(void)
{
	lock_drop(&lock);
}
