/*
 * See audit.h. All but audit_stack() itself runs on libunwind's stack and under
 * its lock, which guards the static variables here. A difference is counted,
 * and each kind of difference is one warning in the report.
 */
#include <string.h>
#include "base/large.h"
#include "base/probe.h"
#include "base/text.h"
#include "process/thread.h"
#include "report/warning.h"
#include "snapshot/audit.h"
#include "stack/cfi.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/rule.h"
#include "stack/stack.h"
#include "stack/unwind.h"

#define KINDS 32 /* kinds of differences that are told */

static struct audit_counts counts;

struct audit_counts audit_counts(void)
{
	return counts;
}

void audit_forked(void)
{
	counts = (struct audit_counts){0};
}

/* Our frame and theirs where the stacks first differ, from the innermost on. */
struct difference {
	uintptr_t inner, ours, theirs; /* 0: there is none */
};

static bool is_told(const struct difference *d)
{
	static struct difference told[KINDS] LARGE;
	static unsigned n;
	unsigned i;

	for (i = 0; i < n; i++)
		if (!memcmp(&told[i], d, sizeof *d))
			return true;
	if (n == KINDS)
		return true;
	told[n++] = *d;
	return false;
}

static void add_place(struct text *t, const char *before, uintptr_t pc)
{
	const struct module *module = module_get(module_find(pc));
	const char *slash = strrchr(module->path, '/');

	text_add(t, before);
	text_add(t, slash ? slash + 1 : module->path);
	text_add(t, "+0x");
	text_hex(t, pc - module->bias);
}

static void tell(const struct difference *d, size_t frame)
{
	char buffer[512];
	struct text t = {buffer, sizeof buffer, 0};

	if (is_told(d))
		return;
	text_add(&t, "a stack differs from libunwind's at frame ");
	text_number(&t, frame);
	add_place(&t, ", called from ", d->ours);
	add_place(&t, ", not ", d->theirs);
	add_place(&t, ", inside it ", d->inner);
	warning_add(buffer);
}

static uint32_t intern(const uintptr_t *pcs, size_t n)
{
	uint32_t id = 0;

	while (n--)
		id = depot_child(id, pcs[n], module_find(pcs[n]));
	return id;
}

/* Of stacks that are too deep only the inner half may be known. In code without
 * rules both can only guess, and libunwind gives up now and then (it did so
 * amid a hundred frames of Java's interpreter). */
static bool is_part(const uintptr_t *ours, size_t ours_n, size_t n, size_t same)
{
	return (same == ours_n && same >= UNWIND_MAX / 2 &&
		(same < n || n == UNWIND_MAX)) ||
	       (same == n && same && same < ours_n &&
		rule_find(ours[same - 1]).kind == RULE_FRAME_POINTER);
}

/* An address at which there is nothing was no return address: code without
 * rules led there. From there on both guess. libunwind takes it for a call
 * through a bad pointer, from version 1.8 on. */
static bool is_astray(const uintptr_t *ours, size_t same)
{
	while (same--)
		if (!module_find(ours[same]) && !probe_readable(ours[same]))
			return true;
	return false;
}

static void compare(const uintptr_t *theirs, size_t n, void *memo)
{
	static uintptr_t ours[UNWIND_MAX] LARGE;
	struct difference d;
	uint32_t id;
	size_t ours_n = stack_last(memo, ours, &id), i = 0;

	for (; n && stack_is_own(*theirs); n--)
		theirs++;
	while (i < n && i < ours_n && ours[i] == theirs[i])
		i++;
	if (is_part(ours, ours_n, n, i))
		return;
	counts.checked++;
	if (i == n && i == ours_n && id == intern(ours, n))
		return;
	if ((i < n || i < ours_n) && is_astray(ours, i))
		return;
	counts.different++;
	d = (struct difference){
		.inner = i ? ours[i - 1] : 0,
		.ours = i < ours_n ? ours[i] : 0,
		.theirs = i < n ? theirs[i] : 0,
	};
	tell(&d, i);
}

/* On another stack than the thread's own, libunwind might read beyond the
 * end. */
void audit_stack(struct thread *self)
{
	uintptr_t frame = self->guard_frame;

	if (self->memo && frame >= self->stack_low && frame < self->stack_high)
		unwind_walk((const void *)frame, compare, self->memo);
}
