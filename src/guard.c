/*
 * Leaving the guard when something was noted meanwhile: park for a stop, make
 * the scan that is due, end by the signal that came.
 */
#include "end.h"
#include "guard.h"
#include "news.h"
#include "snapshot.h"
#include "park.h"
#include "relief.h"
#include "trigger.h"

static void serve_others(uint32_t noted, struct stopped here)
{
	if (noted & PENDING_STOP)
		park(&here);
	if (noted & PENDING_LOST)
		relief_serve();
	if (noted & PENDING_END)
		end_by_signal(&here);
	if (noted & PENDING_REQUEST)
		snapshot_take(TRIGGER_REQUEST, &here);
	if (noted & PENDING_REAP)
		snapshot_reap();
}

/* sp: everything the program needs of this thread lies at it or above. Mostly
 * a scan would be due that the budget does not allow: no system call then. */
__attribute__((used)) static void serve(uintptr_t sp)
{
	struct thread *self = guard_self;
	struct stopped here;
	uint32_t noted;
	int due;

	while ((noted = __atomic_exchange_n(&self->pending, 0,
					    __ATOMIC_ACQ_REL))) {
		if (noted & ~(PENDING_DUE | PENDING_NEWS))
			serve_others(noted, stopped_from_sp(sp));
		due = noted & PENDING_DUE ? trigger_due() : -1;
		if (due >= 0) {
			here = stopped_from_sp(sp);
			snapshot_take(due, &here);
		}
		if (noted & (PENDING_NEWS | PENDING_DUE))
			news_deliver();
	}
}

/*
 * Reached by a jump from a hook that has put back the program's registers:
 * saves those that a call preserves, and the value, above sp.
 */
#if defined(__x86_64__)
__asm__(".text\n"
	".globl guard_serve\n"
	".hidden guard_serve\n"
	".type guard_serve, @function\n"
	"guard_serve:\n"
	".cfi_startproc\n"
	"	push %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	push %rdi\n"
	".cfi_def_cfa_offset 64\n"
	".cfi_offset %rbx, -24\n"
	".cfi_offset %r12, -32\n"
	".cfi_offset %r13, -40\n"
	".cfi_offset %r14, -48\n"
	".cfi_offset %r15, -56\n"
	"	mov %rsp, %rdi\n"
	"	call serve\n"
	"	pop %rax\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	".cfi_def_cfa_offset 8\n"
	"	ret\n"
	".cfi_endproc\n"
	".size guard_serve, . - guard_serve\n");
#else
void *guard_serve(void *value)
{
	__builtin_unwind_init();
	serve((uintptr_t)__builtin_frame_address(0));
	return value;
}
#endif
