/*
 * Alternate signal stacks that are too small for our signal: its frame alone
 * takes more than the 2 KB that the kernel accepts, and the program would die
 * of a signal that it does not know of. In place of such a one the kernel is
 * told of a larger one of ours, on which the program's handlers run too, while
 * the program is told what it has set.
 */
#include <errno.h>
#include <signal.h>
#include "arena.h"
#include "export.h"
#include "guard.h"
#include "init.h"
#include "sys.h"

#define ENOUGH 4096 /* for the frame with AVX-512, and park() */
#define SMALLEST 2048

static bool is_small(const stack_t *stack)
{
	return !(stack->ss_flags & SS_DISABLE) && stack->ss_size >= SMALLEST &&
	       stack->ss_size < ENOUGH;
}

/* A thread has one at most, and its record keeps it for the next. */
static bool make_room(struct thread *self)
{
	if (!self->signal_stack)
		self->signal_stack = arena_map(THREAD_SIGNAL_STACK);
	return self->signal_stack;
}

EXPORT int sigaltstack(const stack_t *stack, stack_t *old)
{
	struct thread *self = guard_self ? guard_self : thread_attach();
	stack_t ours, before;
	bool small;
	long err;

	if (init_is_vfork_child())
		self = NULL; /* its parent's */
	small = self && stack && is_small(stack) && make_room(self);
	if (small)
		ours = (stack_t){.ss_sp = self->signal_stack,
				 .ss_flags = stack->ss_flags,
				 .ss_size = THREAD_SIGNAL_STACK};
	err = sys_raw6(SYS_sigaltstack, (long)(small ? &ours : stack),
		       (long)&before, 0, 0, 0, 0);
	if (err) {
		errno = -err;
		return -1;
	}
	if (old)
		*old = before;
	if (old && self && before.ss_sp && before.ss_sp == self->signal_stack) {
		old->ss_sp = self->small_stack.ss_sp;
		old->ss_size = self->small_stack.ss_size;
	}
	if (self && stack)
		self->small_stack = small ? *stack : (stack_t){0};
	return 0;
}
