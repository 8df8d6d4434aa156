/*
 * The cache of unwinding rules. See rule.h.
 */
#include <stddef.h>
#include <string.h>
#include "arena.h"
#include "module.h"
#include "rule.h"

#define SLOTS (1u << 16)
#define GENERATION_SHIFT 48

/* key is (pc | generation) ^ bits: it tells a torn entry, too. */
struct slot {
	uint64_t key, bits;
};

static struct slot *table;
static uint64_t generation = 1; /* the low 16 bits stand in the keys */

static struct slot *table_get(void)
{
	struct slot *there = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
	struct slot *made;

	if (there)
		return there;
	made = arena_map(SLOTS * sizeof(*made));
	if (!made)
		return NULL;
	if (__atomic_compare_exchange_n(&table, &there, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	arena_unmap(made, SLOTS * sizeof(*made));
	return there;
}

static uint64_t name_of(uintptr_t pc)
{
	return pc ^ __atomic_load_n(&generation, __ATOMIC_ACQUIRE)
			    << GENERATION_SHIFT;
}

static struct slot *slot_of(struct slot *slots, uintptr_t pc)
{
	return &slots[(pc * 0x9e3779b97f4a7c15u) >> 48 & (SLOTS - 1)];
}

static struct rule unpack(uint64_t bits)
{
	struct rule rule;

	memcpy(&rule, &bits, sizeof(rule));
	return rule;
}

static void remember(uint64_t name, uintptr_t pc, struct rule rule)
{
	struct slot *slots = table_get(), *slot;
	uint64_t bits;

	if (!slots)
		return;
	slot = slot_of(slots, pc);
	memcpy(&bits, &rule, sizeof(bits));
	__atomic_store_n(&slot->bits, bits, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->key, name ^ bits, __ATOMIC_RELAXED);
}

/* The name is taken before the module is looked at: a rule made while modules
 * change is remembered under a name that nobody asks for again. */
static __attribute__((noinline)) struct rule learn(uint64_t name, uintptr_t pc)
{
	uint32_t module = module_find(pc);
	struct rule rule = rule_make(pc, module);

	rule.module = module;
	remember(name, pc, rule);
	return rule;
}

struct rule rule_find(uintptr_t pc)
{
	struct slot *slots = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
	uint64_t name = name_of(pc);

	if (__builtin_expect(slots != NULL, 1)) {
		const struct slot *slot = slot_of(slots, pc);
		uint64_t bits = __atomic_load_n(&slot->bits, __ATOMIC_RELAXED);

		if ((__atomic_load_n(&slot->key, __ATOMIC_RELAXED) ^ bits) ==
		    name)
			return unpack(bits);
	}
	return learn(name, pc);
}

void rule_set_hopeless(uintptr_t pc)
{
	struct rule rule = rule_find(pc);

	if (rule.kind != RULE_UNKNOWN)
		return;
	rule.extra = 1;
	remember(name_of(pc), pc, rule);
}

void rules_forget(void)
{
	/* Generation 0 would match pages never written, were pc 0. */
	if (!(__atomic_add_fetch(&generation, 1, __ATOMIC_ACQ_REL) & 0xffff))
		__atomic_add_fetch(&generation, 1, __ATOMIC_ACQ_REL);
}
