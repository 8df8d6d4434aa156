/*
 * See stubs.h. x86-64. A stub has r11 for itself, as code between a call and
 * its function may; r10 and rax can be arguments. The rules of unwinding are
 * right at each instruction, so exceptions pass through.
 */
#include "rules/event.h"
#include "rules/stubs.h"
#include "rules/targets.h"

extern const char stubs_table[] __attribute__((visibility("hidden")));

#define STUB_SIZE 16

_Static_assert(TARGETS_MOST == 512, "as many stubs as below");
_Static_assert(sizeof(struct stub_call) == 80, "as below");

uintptr_t stub_address(uint32_t number)
{
	return (uintptr_t)stubs_table + number * STUB_SIZE;
}

uintptr_t stub_behind(uintptr_t address)
{
	uintptr_t at = address - (uintptr_t)stubs_table;

	return at % STUB_SIZE == 0 && at / STUB_SIZE < targets_n()
		       ? target_of((uint32_t)(at / STUB_SIZE))->address
		       : address;
}

/* The part of the frame from rsp on: struct stub_call of 80 bytes, then the
 * vector registers. */
__asm__(".text\n"
	".p2align 6\n"
	".hidden stubs_table\n"
	".globl stubs_table\n"
	".type stubs_table, @function\n"
	"stubs_table:\n"
	".cfi_startproc\n"
	".set .Lnumber, 0\n"
	".rept 512\n"
	"	endbr64\n"
	"	movl $.Lnumber, %r11d\n"
	"	jmp stub_common\n"
	"	.p2align 4, 0x90\n"
	"	.set .Lnumber, .Lnumber + 1\n"
	".endr\n"
	".cfi_endproc\n"
	".size stubs_table, . - stubs_table\n");

#define SAVE                                                   \
	"	movq %rdi, 0(%rsp)\n	movq %rsi, 8(%rsp)\n"           \
	"	movq %rdx, 16(%rsp)\n	movq %rcx, 24(%rsp)\n"         \
	"	movq %r8, 32(%rsp)\n	movq %r9, 40(%rsp)\n"           \
	"	movq %rax, 48(%rsp)\n	movq %r10, 56(%rsp)\n"         \
	"	movaps %xmm0, 80(%rsp)\n	movaps %xmm1, 96(%rsp)\n"   \
	"	movaps %xmm2, 112(%rsp)\n	movaps %xmm3, 128(%rsp)\n" \
	"	movaps %xmm4, 144(%rsp)\n	movaps %xmm5, 160(%rsp)\n" \
	"	movaps %xmm6, 176(%rsp)\n	movaps %xmm7, 192(%rsp)\n"

#define RESTORE                                                \
	"	movq 0(%rbx), %rdi\n	movq 8(%rbx), %rsi\n"           \
	"	movq 16(%rbx), %rdx\n	movq 24(%rbx), %rcx\n"         \
	"	movq 32(%rbx), %r8\n	movq 40(%rbx), %r9\n"           \
	"	movq 48(%rbx), %rax\n	movq 56(%rbx), %r10\n"         \
	"	movaps 80(%rbx), %xmm0\n	movaps 96(%rbx), %xmm1\n"   \
	"	movaps 112(%rbx), %xmm2\n	movaps 128(%rbx), %xmm3\n" \
	"	movaps 144(%rbx), %xmm4\n	movaps 160(%rbx), %xmm5\n" \
	"	movaps 176(%rbx), %xmm6\n	movaps 192(%rbx), %xmm7\n"

__asm__(".type stub_common, @function\n"
	"stub_common:\n"
	".cfi_startproc\n"
	"	pushq %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"	movq %rsp, %rbp\n"
	".cfi_def_cfa_register %rbp\n"
	"	pushq %rbx\n"
	".cfi_offset %rbx, -24\n"
	"	subq $208, %rsp\n"
	"	andq $-16, %rsp\n"
	"	movq %rsp, %rbx\n" SAVE "	movl %r11d, %edi\n"
	"	movq %rdi, 64(%rsp)\n"
	"	movq %rsp, %rsi\n"
	"	movq %rbp, %rdx\n"
	"	call stub_entered\n"
	"	movq %rax, %r11\n"
	"	movq 72(%rbx), %rcx\n"
	"	testq %rcx, %rcx\n"
	"	jne 1f\n" RESTORE "	movq -8(%rbp), %rbx\n"
	".cfi_remember_state\n"
	".cfi_restore %rbx\n"
	"	leave\n"
	".cfi_def_cfa %rsp, 8\n"
	".cfi_restore %rbp\n"
	"	jmp *%r11\n"
	".cfi_restore_state\n"
	/* Arguments on the stack. */
	"1:	subq $2, %rcx\n"
	"	leaq 16(%rbp), %rsi\n"
	"	leaq 0(,%rcx,8), %rdi\n"
	"	subq %rdi, %rsp\n"
	"	movq %rsp, %rdi\n"
	"	rep movsq\n" RESTORE "	call *%r11\n"
	"	movq %rax, 0(%rbx)\n"
	"	movq %rdx, 8(%rbx)\n"
	"	movaps %xmm0, 80(%rbx)\n"
	"	movaps %xmm1, 96(%rbx)\n"
	"	movl 64(%rbx), %edi\n"
	"	movq %rax, %rsi\n"
	"	movq %rbp, %rdx\n"
	"	call stub_left\n"
	"	movq 0(%rbx), %rax\n"
	"	movq 8(%rbx), %rdx\n"
	"	movaps 80(%rbx), %xmm0\n"
	"	movaps 96(%rbx), %xmm1\n"
	"	movq -8(%rbp), %rbx\n"
	".cfi_restore %rbx\n"
	"	leave\n"
	".cfi_def_cfa %rsp, 8\n"
	".cfi_restore %rbp\n"
	"	ret\n"
	".cfi_endproc\n"
	".size stub_common, . - stub_common\n");
