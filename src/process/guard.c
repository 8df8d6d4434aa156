/*
 * Leaving the guard when something was noted meanwhile.
 */
#include "process/guard.h"

static void serve_nothing(uintptr_t sp)
{
	(void)sp;
}

void (*guard_server)(uintptr_t sp) = serve_nothing;
uint32_t guard_looks;

void guard_look_for(enum look_for what, bool on)
{
	if (on)
		__atomic_fetch_or(&guard_looks, what, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&guard_looks, ~what, __ATOMIC_RELAXED);
}

/*
 * A hook jumps here once it has put back the program's registers. Saves those
 * that a call preserves, and the value, above sp.
 */
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
	"	call *guard_server(%rip)\n"
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
