/* See targets.h. */
#include <string.h>
#include "base/large.h"
#include "base/statement.h"
#include "process/dynamic.h"
#include "rules/rulings.h"
#include "rules/targets.h"

#define BUCKETS 1024u
#define OTHERS 4

/* A name that targets have, and what else defines it. */
struct defined {
	const char *name;
	uint32_t hash, next;
	uint32_t others; /* definitions that are no target, ... */
	uint32_t version[OTHERS];
};

static struct target targets[TARGETS_MOST] LARGE;
static struct defined names[TARGETS_MOST] LARGE;
static uint32_t by_target[BUCKETS] LARGE; /* numbers, and 1 more */
static uint32_t by_name[BUCKETS] LARGE;
static uint32_t n_targets, n_names;
static bool too_many;

const struct target *target_of(uint32_t stub)
{
	return &targets[stub];
}

uint32_t targets_n(void)
{
	return n_targets;
}

bool targets_are_too_many(void)
{
	return too_many;
}

void targets_begin(void)
{
	uint32_t i;

	for (i = 0; i < n_targets; i++)
		targets[i].live = false;
	for (i = 0; i < n_names; i++)
		names[i].others = 0;
}

static struct defined *name_find(const char *name, uint32_t hash)
{
	uint32_t i = by_name[hash % BUCKETS];

	for (; i; i = names[i - 1].next)
		if (names[i - 1].hash == hash &&
		    !strcmp(names[i - 1].name, name))
			return &names[i - 1];
	return NULL;
}

static void name_add(const char *name, uint32_t hash)
{
	uint32_t *bucket = &by_name[hash % BUCKETS];

	if (name_find(name, hash) || n_names == TARGETS_MOST)
		return;
	names[n_names] = (struct defined){name, hash, *bucket, 0, {0}};
	*bucket = ++n_names;
}

/* Any of that name and address, live or not. */
static struct target *find(const char *name, uint32_t hash, uintptr_t address)
{
	uint32_t i = by_target[hash % BUCKETS];

	for (; i; i = targets[i - 1].next) {
		struct target *t = &targets[i - 1];

		if (t->address == address && t->hash == hash &&
		    !strcmp(t->name, name))
			return t;
	}
	return NULL;
}

static struct target *make(const struct ruling *ruling, uintptr_t address)
{
	uint32_t *bucket = &by_target[ruling->hash % BUCKETS];
	struct target *t = find(ruling->name, ruling->hash, address);

	if (t)
		return t;
	if (n_targets == TARGETS_MOST) {
		too_many = true;
		return NULL;
	}
	t = &targets[n_targets];
	*t = (struct target){.address = address,
			     .name = ruling->name,
			     .hash = ruling->hash,
			     .next = *bucket};
	*bucket = ++n_targets;
	name_add(ruling->name, ruling->hash);
	return t;
}

/* Repetitions say nothing new. */
static void say(struct target *t, const struct ruling *ruling)
{
	struct action action = {ruling->kind, ruling->arg, ruling->type};
	uint32_t i;

	for (i = 0; i < t->actions_n; i++)
		if (t->action[i].kind == action.kind &&
		    t->action[i].arg == action.arg)
			return;
	if (t->actions_n == TARGET_ACTIONS)
		return;
	t->action[t->actions_n] = action;
	t->back |= !action.arg;
	__atomic_store_n(&t->actions_n, t->actions_n + 1, __ATOMIC_RELEASE);
}

static bool is_call(const struct ruling *ruling)
{
	return ruling->kind == STATEMENT_REF ||
	       ruling->kind == STATEMENT_UNREF || ruling->kind == STATEMENT_NEW;
}

/* The address of a plain function; 0: it is none. What an IFUNC chooses is not
 * known. */
static uintptr_t function_at(const struct dynamic *module, uint32_t symbol)
{
	const ElfW(Sym) *s = &module->symbols[symbol];

	return ELF64_ST_TYPE(s->st_info) == STT_FUNC
		       ? module->base + s->st_value
		       : 0;
}

static void add(const struct dynamic *module, const struct ruling *ruling)
{
	uint32_t symbol = 0;

	while ((symbol = dynamic_find(module, ruling->name, ruling->hash,
				      symbol))) {
		uintptr_t address = function_at(module, symbol);
		struct target *t = address ? make(ruling, address) : NULL;

		if (!t)
			continue;
		t->live = true;
		t->version = dynamic_version(module, symbol);
		say(t, ruling);
	}
}

/* Definitions of these names that are no targets. */
static void note_others(const struct dynamic *module)
{
	uint32_t i, symbol;

	for (i = 0; i < n_names; i++) {
		struct defined *d = &names[i];

		symbol = 0;
		while ((symbol = dynamic_find(module, d->name, d->hash,
					      symbol))) {
			if (target_at(
				    d->name, d->hash,
				    module->base +
					    module->symbols[symbol].st_value) !=
			    TARGET_NONE)
				continue;
			if (d->others < OTHERS)
				d->version[d->others] =
					dynamic_version(module, symbol);
			d->others++;
		}
	}
}

void targets_add(const struct dynamic *module, const char *name)
{
	const char *library = NULL;
	bool is_library = true;
	const struct ruling *rulings;
	uint32_t i, n;

	rulings = rulings_all(&n);
	for (i = 0; i < n; i++) {
		if (rulings[i].library != library) {
			library = rulings[i].library;
			is_library =
				!library || rulings_is_library(name, library);
		}
		if (is_library && is_call(&rulings[i]))
			add(module, &rulings[i]);
	}
	note_others(module);
}

bool targets_have(const char *name, uint32_t hash)
{
	return name_find(name, hash) != NULL;
}

uint32_t target_at(const char *name, uint32_t hash, uintptr_t address)
{
	const struct target *t = find(name, hash, address);

	return t && t->live ? (uint32_t)(t - targets) : TARGET_NONE;
}

/* A reference that asks for a version takes one without, too. */
static bool may_mean(uint32_t asked, uint32_t version)
{
	return !asked || !version || asked == version;
}

uint32_t target_meant(const char *name, uint32_t hash, uint32_t version)
{
	const struct defined *d = name_find(name, hash);
	uint32_t i, found = TARGET_NONE;

	if (!d || d->others > OTHERS)
		return TARGET_NONE;
	for (i = 0; i < d->others; i++)
		if (may_mean(version, d->version[i]))
			return TARGET_NONE;
	for (i = by_target[hash % BUCKETS]; i; i = targets[i - 1].next) {
		const struct target *t = &targets[i - 1];

		if (!t->live || t->hash != hash || strcmp(t->name, name) ||
		    !may_mean(version, t->version))
			continue;
		if (found != TARGET_NONE)
			return TARGET_NONE;
		found = i - 1;
	}
	return found;
}
