/* See event.h. */
#include "base/lock.h"
#include "base/statement.h"
#include "process/guard.h"
#include "process/tally.h"
#include "process/thread.h"
#include "refs/refs.h"
#include "rules/event.h"
#include "rules/targets.h"
#include "stack/stack.h"

#define WORDS_MOST 16 /* of a caller's stack: its arguments there */

static void note(const struct action *action, uintptr_t p, uint32_t stack)
{
	if (action->kind == STATEMENT_REF)
		refs_seen_ref(p, stack);
	else if (action->kind == STATEMENT_UNREF)
		refs_seen_unref(p, stack);
	else
		refs_seen_new(p, action->type, stack);
}

/* Of the actions that are about what it returns, or about arguments. */
static void note_all(const struct target *target, const uintptr_t *arg,
		     bool back, struct thread *self, const void *frame)
{
	uint32_t i, n, stack = 0;

	n = __atomic_load_n(&target->actions_n, __ATOMIC_ACQUIRE);
	for (i = 0; i < n; i++) {
		const struct action *action = &target->action[i];
		uintptr_t p;

		if (!action->arg != back)
			continue;
		p = back ? *arg : arg[action->arg - 1];
		if (!p)
			continue;
		if (!stack) {
			tally_capture(&self->tally);
			stack = stack_capture(frame, self->memo);
		}
		note(action, p, stack);
	}
}

static struct thread *enter(const void *frame)
{
	struct thread *self = guard_enter(frame);

	if (!self)
		return NULL;
	latch_recover();
	if (!refs_init())
		return self;
	guard_end(self);
	return NULL;
}

/* How many words of the caller's stack may be arguments: all that there are, on
 * a stack that we know. */
static uint64_t words_of(const void *frame)
{
	const struct thread *self = thread_self;
	uintptr_t from = (uintptr_t)frame + 16, room;

	if (!self || from < self->stack_low || from >= self->stack_high)
		return 0;
	room = (self->stack_high - from) / 8 & ~1ul;
	return room < WORDS_MOST ? room : WORDS_MOST;
}

void *stub_entered(uint32_t number, struct stub_call *call, const void *frame)
{
	const struct target *target = target_of(number);
	struct thread *self = enter(frame);
	void *to = (void *)target->address;

	call->back = target->back ? words_of(frame) + 2 : 0;
	if (!self)
		return to;
	note_all(target, call->arg, false, self, frame);
	return guard_leave(self, to);
}

void stub_left(uint32_t number, uintptr_t value, const void *frame)
{
	struct thread *self = enter(frame);

	if (self)
		note_all(target_of(number), &value, true, self, frame);
	guard_end(self);
}
