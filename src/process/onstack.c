/*
 * See onstack.h. The kernel begins each handler in onstack_entry(), and one
 * with SA_ONSTACK on our stack. There, onstack_entry() copies the signal's
 * frame to where the kernel would have put it without us, and goes on with the
 * program's handler on that stack: no instruction of the program runs on ours.
 * The frame has all that is needed to return.
 *
 * The exceptions are a stack of the program's that has hardly room for the
 * frame, and handlers of Go (golang.h): they stay on ours.
 */
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>
#include "process/altstack.h"
#include "process/golang.h"
#include "process/nudge.h"
#include "process/onstack.h"
#include "process/stopped.h"
#include "process/thread.h"

#define SPARE 2048 /* for the handler */
#define RED_ZONE 128

static void (*handlers[NSIG])(int);
static bool stays[NSIG];

/* The kernel's frame (Linux, asm/sigframe.h). Its sigset has eight bytes.
 * Behind it, aligned to 64, are the vector registers. */
struct frame {
	uintptr_t return_address;
	char ucontext[304];
	siginfo_t info;
};

/* Where the kernel would have put the frame; 0 when it may stay on our
 * stack. */
static uintptr_t top_for(const struct thread *self, uintptr_t sp, size_t needed)
{
	uintptr_t low = (uintptr_t)self->program_stack.ss_sp;
	size_t size = self->program_stack.ss_size;

	if (self->program_stack.ss_flags & SS_DISABLE)
		return sp - RED_ZONE;
	if (size < needed)
		return 0;
	return sp > low && sp - low <= size ? sp - RED_ZONE : low + size;
}

struct entry {
	void (*handler)(int);
	struct frame *frame;
};

/* For onstack_entry(): which handler to call, with which frame. */
__attribute__((used)) static struct entry place(int sig, const ucontext_t *uc,
						struct frame *from)
{
	const struct thread *self = thread_self;
	uintptr_t sp = uc->uc_mcontext.gregs[REG_RSP], top = 0, to;
	size_t size = stopped_vectors(uc->uc_mcontext.fpregs);
	struct entry step = {onstack_handler(sig), from};
	ucontext_t *copy;

	nudge_handler_begins(uc);
	if (self && !stays[sig] &&
	    altstack_has(self->signal_stack, (uintptr_t)from) &&
	    !altstack_has(self->signal_stack, sp))
		top = top_for(self, sp, size + sizeof *from + SPARE);
	if (!top)
		return step;
	to = (top - size) & -64ul;
	if (size)
		memcpy((void *)to, uc->uc_mcontext.fpregs, size);
	step.frame = (struct frame *)(((to - sizeof *from) & -16ul) - 8);
	memcpy(step.frame, from, sizeof *from);
	copy = (ucontext_t *)step.frame->ucontext;
	if (size)
		copy->uc_mcontext.fpregs = (fpregset_t)to;
	return step;
}

/* Begins the handler as the kernel does: rsp at the frame, the arguments set.
 * Frame, siginfo and ucontext move by the same distance. */
void onstack_entry(int sig) __attribute__((visibility("hidden")));
__asm__(".text\n"
	".globl onstack_entry\n"
	".hidden onstack_entry\n"
	".type onstack_entry, @function\n"
	"onstack_entry:\n"
	".cfi_startproc\n"
	"	endbr64\n"
	"	push %rdi\n"
	"	push %rsi\n"
	"	push %rdx\n"
	".cfi_def_cfa_offset 32\n"
	"	mov %rdx, %rsi\n"
	"	lea 24(%rsp), %rdx\n"
	"	call place\n"
	"	mov %rdx, %rcx\n"
	"	pop %rdx\n"
	"	pop %rsi\n"
	"	pop %rdi\n"
	".cfi_def_cfa_offset 8\n"
	"	sub %rsp, %rcx\n"
	"	add %rcx, %rsi\n"
	"	add %rcx, %rdx\n"
	"	add %rcx, %rsp\n"
	"	jmp *%rax\n"
	".cfi_endproc\n"
	".size onstack_entry, . - onstack_entry\n");

void (*onstack_handler(int sig))(int)
{
	if (sig <= 0 || sig >= NSIG)
		return NULL;
	return __atomic_load_n(&handlers[sig], __ATOMIC_ACQUIRE);
}

/* libc may tell the program of a handler past our hooks: that is our own. */
void onstack_wrap(int sig, struct sigaction *action)
{
	if (sig <= 0 || sig >= NSIG || action->sa_handler == SIG_DFL ||
	    action->sa_handler == SIG_IGN ||
	    action->sa_handler == onstack_entry)
		return;
	stays[sig] = golang_has((uintptr_t)action->sa_handler);
	__atomic_store_n(&handlers[sig], action->sa_handler, __ATOMIC_RELEASE);
	action->sa_handler = onstack_entry;
}

void onstack_unwrap(struct sigaction *action, void (*before)(int))
{
	if (action->sa_handler == onstack_entry)
		action->sa_handler = before;
}
