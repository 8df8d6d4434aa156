/*
 * See names.h. A cache finds most texts by the address at which they were
 * given. The address may hold another text by now, so the text is compared. The
 * cache is read and written without a lock, one pointer an entry.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/lock.h"
#include "base/names.h"

#define CACHE (1u << 12)
#define NAMES (1u << 16)
#define NAMES_FULL (NAMES / 4 * 3)

static const char *cache[CACHE] LARGE;
static const char **names; /* open addressing */
static uint32_t names_n;
static struct arena arena;
static struct lock lock = LOCK_INIT(LOCK_NAMES);

static bool is_same(const char *name, const char *text)
{
	size_t n = strnlen(text, NAME_MAX_BYTES);

	return !strncmp(name, text, n) && !name[n];
}

static const char **place_of(const char *text)
{
	uint32_t i, hash = 2166136261u;

	for (i = 0; i < NAME_MAX_BYTES && text[i]; i++)
		hash = (hash ^ (unsigned char)text[i]) * 16777619u;
	for (;; hash++) {
		const char **place = &names[hash & (NAMES - 1)];

		if (!*place || is_same(*place, text))
			return place;
	}
}

static const char *name_make(const char **place, const char *text)
{
	size_t n = strnlen(text, NAME_MAX_BYTES);
	char *name;

	if (names_n >= NAMES_FULL)
		return NULL;
	name = arena_alloc(&arena, n + 1);
	if (!name)
		return NULL;
	memcpy(name, text, n);
	names_n++;
	*place = name;
	return name;
}

static const char *name_find(const char *text)
{
	const char **place, *name = NULL;

	lock_take(&lock);
	if (!names)
		names = arena_map(NAMES * sizeof *names);
	if (names) {
		place = place_of(text);
		name = *place ? *place : name_make(place, text);
	}
	lock_drop(&lock);
	return name;
}

const char *name_intern(const char *text)
{
	uint64_t hash = (uintptr_t)text * 0x9e3779b97f4a7c15u;
	const char **place = &cache[hash >> 52], *name;

	if (!text)
		return NULL;
	name = __atomic_load_n(place, __ATOMIC_ACQUIRE);
	if (name && is_same(name, text))
		return name;
	name = name_find(text);
	__atomic_store_n(place, name, __ATOMIC_RELEASE);
	return name;
}

void names_fork_prepare(void)
{
	lock_take(&lock);
}

void names_fork_done(void)
{
	lock_drop(&lock);
}
