/* See holder.h. */
#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>
#include "base/large.h"
#include "process/park.h"
#include "process/stopped.h"
#include "process/thread.h"
#include "scan/holder.h"
#include "scan/nptl.h"
#include "stack/module.h"
#include "stack/walk.h"

#define STEPS 512

static bool is_in(uintptr_t at, uintptr_t low, uintptr_t high)
{
	return at >= low && at < high;
}

static const struct thread *record_of(int32_t tid)
{
	const struct thread *t;

	for (t = thread_first(); t; t = t->next)
		if (t->tid == tid)
			return t;
	return NULL;
}

/* The number of a thread, as debuggers count them. */
static uint32_t number_of(int32_t tid)
{
	const struct thread *t;
	uint32_t number = 1;

	for (t = thread_first(); t; t = t->next)
		number += t->tid && t->tid < tid;
	return number;
}

/* The first thread's stack may have grown since its record was made. */
static bool is_on_stack(const struct thread *t, const struct stopped *s,
			uintptr_t at)
{
	uintptr_t low = t->stack_low;

	if (s && is_in(s->sp, t->start_frame ? low : 0, t->stack_high))
		low = s->sp;
	return is_in(at, low, t->stack_high);
}

static bool is_in_storage(const struct thread *t, uintptr_t at)
{
	size_t below = nptl_below(), size = nptl_size();

	if (t->start_frame)
		return is_in(at, t->start_frame, t->descriptor + size);
	return is_in(at, t->descriptor - below, t->descriptor + size);
}

/* The function in whose frame the word is: the first, from the innermost on,
 * that was called from above it. */
static void find_code(const struct thread *t, const struct stopped *s,
		      struct holder *out)
{
	static struct step steps[STEPS] LARGE;
	struct walk w = {.steps = steps, .max = STEPS};
	const ucontext_t *uc;
	size_t i;

	if (s->regs_low >= s->regs_high)
		return;
	uc = (const void *)(s->regs_low - offsetof(ucontext_t, uc_stack));
	walk_begin_at(&w, uc->uc_mcontext.gregs[REG_RIP],
		      uc->uc_mcontext.gregs[REG_RSP],
		      uc->uc_mcontext.gregs[REG_RBP], s->sp, t->stack_high);
	walk_run(&w);
	for (i = 1; i < w.n && steps[i].slot <= out->at; i++)
		;
	if (i >= w.n)
		return;
	out->code = steps[i - 1].pc;
	out->code_module = module_find(out->code);
}

static bool find_in_thread(const struct thread *t, int32_t tid,
			   const struct stopped *s, struct holder *out)
{
	if (s && (is_in(out->at, s->regs_low, s->regs_high) ||
		  is_in(out->at, s->ext_low, s->ext_high)))
		out->kind = HOLDER_REGISTER;
	else if (t && (is_in_storage(t, out->at) ||
		       is_in(out->at, (uintptr_t)t, (uintptr_t)(t + 1))))
		out->kind = HOLDER_THREAD;
	else if (t && is_on_stack(t, s, out->at))
		out->kind = HOLDER_STACK;
	else
		return false;
	out->tid = tid;
	out->thread = number_of(tid);
	if (out->kind == HOLDER_STACK && s)
		find_code(t, s, out);
	return true;
}

/* Threads that stopped, then those that did not. */
static bool find_in_threads(const struct stopped *self, struct holder *out)
{
	const struct thread *t;
	uint32_t i, n;
	const struct stopped *list = park_list(&n);

	if (find_in_thread(record_of(self->tid), self->tid, self, out))
		return true;
	for (i = 0; i < n; i++)
		if (find_in_thread(record_of(list[i].tid), list[i].tid,
				   &list[i], out))
			return true;
	for (t = thread_first(); t; t = t->next)
		if (t->tid && find_in_thread(t, t->tid, NULL, out))
			return true;
	return false;
}

static enum holder_kind passing_of(const struct stopped *s, uintptr_t low)
{
	if (is_in(low, s->regs_low, s->regs_high) ||
	    is_in(low, s->ext_low, s->ext_high))
		return HOLDER_REGISTER;
	return low == ((s->sp + 7) & -8ul) ? HOLDER_STACK : HOLDER_THREAD;
}

enum holder_kind holder_passing(uintptr_t low, const struct stopped *self)
{
	struct holder holder = {.at = low};
	enum holder_kind kind = passing_of(self, low);
	uint32_t i, n;
	const struct stopped *list = park_list(&n);

	for (i = 0; i < n && kind == HOLDER_THREAD; i++)
		kind = passing_of(&list[i], low);
	if (kind == HOLDER_THREAD && find_in_threads(self, &holder))
		kind = holder.kind;
	return kind;
}

struct holder holder_find(uintptr_t at, const struct stopped *self)
{
	struct holder holder = {.kind = HOLDER_MEMORY, .at = at};

	holder.module = module_find(at);
	if (holder.module)
		holder.kind = HOLDER_VARIABLE;
	else
		find_in_threads(self, &holder);
	return holder;
}
