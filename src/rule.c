/*
 * The cache of unwinding rules. See rule.h.
 */
#include <stddef.h>
#include <string.h>
#include "arena.h"
#include "module.h"
#include "rule.h"

#define TABLE_BYTES (sizeof(struct rule_slot) << RULE_SLOT_BITS)

struct rule_slot *rule_slots;
uint64_t rule_generation = 1;

static struct rule_slot *table_get(void)
{
	struct rule_slot *there, *made;

	there = __atomic_load_n(&rule_slots, __ATOMIC_ACQUIRE);
	if (there)
		return there;
	made = arena_map(TABLE_BYTES);
	if (!made)
		return NULL;
	if (__atomic_compare_exchange_n(&rule_slots, &there, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	arena_unmap(made, TABLE_BYTES);
	return there;
}

static void remember(uint64_t name, uintptr_t pc, struct rule rule)
{
	struct rule_slot *slots = table_get(), *slot;
	uint64_t bits;

	if (!slots)
		return;
	slot = rule_slot(slots, pc);
	memcpy(&bits, &rule, sizeof(bits));
	__atomic_store_n(&slot->bits, bits, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->key, name ^ bits, __ATOMIC_RELAXED);
}

/* The name is taken before the module is looked at: a rule made while modules
 * change is remembered under a name that nobody asks for again. */
struct rule rule_learn(uint64_t name, uintptr_t pc)
{
	uint32_t module = module_find(pc);
	struct rule rule = rule_make(pc, module);

	rule.module = module;
	remember(name, pc, rule);
	return rule;
}

void rule_set_hopeless(uintptr_t pc)
{
	struct rule rule = rule_find(pc);

	if (rule.kind != RULE_UNKNOWN)
		return;
	rule.extra = 1;
	remember(rule_name(pc), pc, rule);
}

void rules_forget(void)
{
	/* Generation 0 would match slots that were never written. */
	if (!(__atomic_add_fetch(&rule_generation, 1, __ATOMIC_ACQ_REL) &
	      0xffff))
		__atomic_add_fetch(&rule_generation, 1, __ATOMIC_ACQ_REL);
}
