/*
 * The cache of unwinding rules. See rule.h.
 */
#include <string.h>
#include "base/large.h"
#include "base/likely.h"
#include "base/sys.h"
#include "stack/cfi.h"
#include "stack/module.h"
#include "stack/rule.h"

#define SLOTS_FIRST 256
#define FEW 32
#define MASK(slots) (((slots)-1ul) * sizeof(struct rule_slot))

struct rule_slot rule_slots[1 << RULE_SLOT_BITS] LARGE;
uint64_t rule_mask = MASK(SLOTS_FIRST);
/* MODULE_MAX: none. In unit tests we are the program ourselves. */
uint32_t rule_self_module = MODULE_MAX;
static uint32_t remembered;
static uint32_t unwanted; /* so many rules are not remembered */

/* Half of the slots are taken, as far as is known: from now on there are
 * four times as many. A rule whose slot is another one by that is looked up
 * again. */
static void grow(void)
{
	uint64_t mask = __atomic_load_n(&rule_mask, __ATOMIC_RELAXED);
	uint32_t slots = mask / sizeof(struct rule_slot) + 1;

	if (slots < 1 << RULE_SLOT_BITS &&
	    __atomic_add_fetch(&remembered, 1, __ATOMIC_RELAXED) > slots / 2)
		__atomic_store_n(&rule_mask, MASK(slots * 4), __ATOMIC_RELAXED);
}

static void remember(uint64_t name, uintptr_t pc, struct rule rule)
{
	struct rule_slot *slot = rule_slot(pc);
	uint64_t bits;

	if (unlikely(unwanted)) {
		unwanted--;
		return;
	}
	memcpy(&bits, &rule, sizeof(bits));
	__atomic_store_n(&slot->bits, bits, __ATOMIC_RELAXED);
	__atomic_store_n(&slot->key, name ^ bits, __ATOMIC_RELAXED);
	grow();
}

/* Called before any rule names a module. A process that takes no stack does not
 * need it. */
static void know_self(void)
{
	static bool known;
	uint32_t module;

	if (__atomic_load_n(&known, __ATOMIC_ACQUIRE))
		return;
	module = module_find((uintptr_t)know_self);
	if (module && !module_is_program(module))
		__atomic_store_n(&rule_self_module, module, __ATOMIC_RELAXED);
	__atomic_store_n(&known, true, __ATOMIC_RELEASE);
}

/* The name is formed before the module is looked at. So a rule that is made
 * while modules change is kept under a name for which nobody asks again. */
struct rule rule_learn(uint64_t name, uintptr_t pc)
{
	uint32_t module;
	struct rule rule;

	know_self();
	module = module_find(pc);
	rule = cfi_rule(pc, module);

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
	remember(pc ^ rule_age() << RULE_GENERATION_SHIFT, pc, rule);
}

void rules_forked(void)
{
	unwanted = FEW;
}

void rules_stop(void)
{
	uintptr_t low = ((uintptr_t)rule_slots + 4095) & -4096ul;
	uintptr_t high = (uintptr_t)(rule_slots + (1 << RULE_SLOT_BITS));

	sys(SYS_munmap, low, (high & -4096ul) - low);
}
