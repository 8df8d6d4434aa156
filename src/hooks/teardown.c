/*
 * Perl and Ruby free what leads to their objects at their end, and leave the
 * objects to the kernel. What they leave is no leak of the program's.
 *
 * Perl's last act is to free its interpreter, which leads to all else. That
 * block stays (block_last). When Perl first sets the locale of its thread, the
 * interpreter is there. It forgets that locale at its end.
 *
 * Ruby takes its heap apart. The last scan is made before: after the exit
 * procedures ruby_sig_finalize() resets the handler of SIGINT (2.0 to 3.4).
 *
 * Both are looked for when the program starts: who opens one of them later
 * embeds it, and goes on after it.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/export.h"
#include "base/likely.h"
#include "heap/heap.h"
#include "hooks/block.h"
#include "hooks/end.h"
#include "hooks/teardown.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/real.h"
#include "process/symbols.h"
#include "process/thread.h"
#include "stack/depot.h"
#include "stack/stack.h"

struct code {
	uintptr_t low, high;
};

static struct code perl; /* the program, if it is Perl */
static void *const *perl_interpreter;
static struct code ruby_ends, ruby_runs;
static bool ended;

static bool is_in(const struct code *code, uintptr_t pc)
{
	return pc >= code->low && pc < code->high;
}

static void find(struct code *code, const struct symbols_owner *owner,
		 const char *name)
{
	code->low = symbols_range(owner, name, &code->high);
}

__attribute__((constructor)) static void look_for_both(void)
{
	struct symbols_owner owner;

	if (!library_is_ready())
		return;
	if (symbols_owner(&owner, "PL_curinterp") && owner.is_program) {
		perl = (struct code){owner.low, owner.high};
		perl_interpreter =
			(void *const *)symbols_address(&owner, "PL_curinterp");
	}
	if (symbols_owner(&owner, "ruby_sig_finalize")) {
		find(&ruby_ends, &owner, "ruby_sig_finalize");
		find(&ruby_runs, &owner, "ruby_run_node");
	}
}

/* Whether that code has called us, at any distance. */
static bool stack_has(uint32_t node, const struct code *code)
{
	for (; node; node = stack_outwards(depot_frame(node).parent))
		if (is_in(code, depot_frame(node).pc))
			return true;
	return false;
}

static uint32_t capture(const void *frame)
{
	struct thread *self = guard_enter(frame);
	uint32_t node;

	if (!self)
		return 0;
	node = stack_outwards(stack_capture(frame, self->memo));
	guard_leave(self, NULL);
	return node;
}

static __attribute__((noinline)) void ruby_may_end(const void *frame)
{
	uint32_t node = capture(frame);

	if (!stack_has(node, &ruby_ends))
		return;
	ended = true;
	end_interpreter(stack_has(node, &ruby_runs), (uintptr_t)frame);
}

void teardown_look_ruby(void)
{
	__builtin_unwind_init();
	if (unlikely(ruby_ends.low) && !ended)
		ruby_may_end(FRAME);
}

static void keep(void *interpreter)
{
	struct thread *self = guard_enter(FRAME);

	if (!self)
		return;
	if (heap_shadow(interpreter) == (uintptr_t)interpreter)
		block_last = interpreter;
	guard_leave(self, NULL);
}

EXPORT locale_t uselocale(locale_t locale)
{
	uintptr_t caller = (uintptr_t)__builtin_return_address(0);
	locale_t old;

	if (unlikely(!real.uselocale) && !library_begin())
		return (locale_t)0;
	if (unlikely(is_in(&perl, caller)) && !block_last && *perl_interpreter)
		keep(*perl_interpreter);
	old = real.uselocale(locale);
	if (unlikely(is_in(&perl, caller)) && locale == LC_GLOBAL_LOCALE &&
	    old != LC_GLOBAL_LOCALE)
		heap_ignore((void *)old);
	return old;
}
