/*
 * How to step from one frame to its caller: a rule for each address, found in
 * the module's .eh_frame and remembered. x86-64.
 *
 * The cache is a table of ours that any thread reads and writes without a lock.
 * An entry that was torn by two writers fails its check and is made again.
 */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stdint.h>
#include "stack/cfi.h"
#include "stack/module.h"

/* key is (pc | generation) ^ bits, so a torn entry does not match either. */
struct rule_slot {
	uint64_t key, bits;
};

#define RULE_SLOT_BITS 16
#define RULE_GENERATION_SHIFT 48
extern struct rule_slot rule_slots[1 << RULE_SLOT_BITS]
	__attribute__((visibility("hidden")));
/* The low 16 bits of the modules' generation stand in the keys. */
static inline uint64_t rule_age(void)
{
	return __atomic_load_n(&module_generation, __ATOMIC_ACQUIRE);
}

/* The part of the table that is in use, as offsets in bytes. It is small at
 * first: each page of slots costs every process, and each of its forked
 * children, a fault. It only grows, and a thread may use any value that it has
 * had. */
extern uint64_t rule_mask __attribute__((visibility("hidden")));

static inline struct rule_slot *rule_slot(uintptr_t pc)
{
	uint64_t mixed = pc * 0x9e3779b97f4a7c15u;

	return (void *)((char *)rule_slots +
			(mixed >> (60 - RULE_SLOT_BITS) & rule_mask));
}

/* Looks a rule up that is not in the cache. */
struct rule rule_learn(uint64_t name, uintptr_t pc);

/* Our own module: its innermost frames are not the program's. Known before any
 * rule is. */
extern uint32_t rule_self_module __attribute__((visibility("hidden")));

/* The rule for the instruction at pc. Inside the guard; takes only module's
 * lock. age is the generation of the rules, read when the walk began or
 * later. */
static inline struct rule rule_find_aged(uintptr_t pc, uint64_t age)
{
	const struct rule_slot *slot = rule_slot(pc);
	uint64_t name = pc ^ age << RULE_GENERATION_SHIFT, key, bits;
	struct rule rule;

	bits = __atomic_load_n(&slot->bits, __ATOMIC_RELAXED);
	key = __atomic_load_n(&slot->key, __ATOMIC_RELAXED);
	if (__builtin_expect((key ^ bits) != name, 0))
		return rule_learn(name, pc);
	__builtin_memcpy(&rule, &bits, sizeof(rule));
	return rule;
}

static inline struct rule rule_find(uintptr_t pc)
{
	return rule_find_aged(pc, rule_age());
}

/* Remembers that libunwind has no rule for pc either: RULE_UNKNOWN with extra
 * set. */
void rule_set_hopeless(uintptr_t pc);
/* In a forked child. It mostly needs few rules that its parent did not need,
 * and the memo has those. Each rule would write to a page of its own here. */
void rules_forked(void);
/* Gives the cache back. Nobody may ask for a rule afterwards. */
void rules_stop(void);

#endif
