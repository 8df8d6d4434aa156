/*
 * The functions that rules name, where loaded modules define them. Each has a
 * stub, by its number.
 *
 * Changed by the thread that looks through the modules (redirect.h). What a
 * stub reads is complete before the stub is put anywhere, and stays.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/statement.h"
#include "process/dynamic.h"

#define TARGETS_MOST 512
#define TARGET_NONE UINT32_MAX
#define TARGET_ACTIONS 4

/* What a call tells. */
struct action {
	enum statement_kind kind; /* ref, unref or new */
	uint32_t arg;		  /* 0: what it returns */
	const char *type;
};

struct target {
	uintptr_t address;
	const char *name;
	uint32_t hash, version;
	uint32_t next; /* of the same bucket */
	bool live;     /* its module is loaded */
	bool back;     /* an action is about what it returns */
	uint32_t actions_n;
	struct action action[TARGET_ACTIONS];
};

/* A stub's target. */
const struct target *target_of(uint32_t stub);
/* Nothing is loaded any more. Then, for each module that is: adds what rules
 * say of it, `name` being its name, and notes what else it defines. */
void targets_begin(void);
void targets_add(const struct dynamic *module, const char *name);
/* How many there are; none: no rule is about a loaded library. */
uint32_t targets_n(void);
bool targets_are_too_many(void);
/* Whether there is one of that name. */
bool targets_have(const char *name, uint32_t hash);
/* The target at that address, of that name; or TARGET_NONE. */
uint32_t target_at(const char *name, uint32_t hash, uintptr_t address);
/* The one to which a reference that is not bound yet leads, by the hash of the
 * version that it asks for (0: none). TARGET_NONE when that is not certain. */
uint32_t target_meant(const char *name, uint32_t hash, uint32_t version);

#endif
