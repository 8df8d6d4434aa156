/*
 * Wrong use of the macros, once for each kind and place. They are few, so the
 * list is searched. Any thread, inside the guard, no latch held.
 */
#include "base/large.h"
#include "base/lock.h"
#include "refs/refs.h"
#include "refs/refs_table.h"

#define MISUSES 256

static struct ref_misuse list[MISUSES] LARGE;
static uint32_t list_n;

/* Reads without the lock, since entries never change. */
static bool is_listed(const char *what, uint32_t stack)
{
	uint32_t i, n = __atomic_load_n(&list_n, __ATOMIC_ACQUIRE);

	for (i = 0; i < n; i++)
		if (list[i].what == what && list[i].stack == stack)
			return true;
	return n == MISUSES;
}

void refs_misuse(const char *what, uintptr_t at, uint32_t stack)
{
	if (is_listed(what, stack))
		return;
	lock_take(&refs_lock);
	if (!is_listed(what, stack)) {
		list[list_n] = (struct ref_misuse){what, stack, at};
		__atomic_store_n(&list_n, list_n + 1, __ATOMIC_RELEASE);
	}
	lock_drop(&refs_lock);
}

const struct ref_misuse *refs_misuses(uint32_t *n)
{
	*n = __atomic_load_n(&list_n, __ATOMIC_ACQUIRE);
	return list;
}
