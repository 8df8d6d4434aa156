/* Code that tells nothing or little of its frames. A chain of frame pointers
 * will do; a CFA in some other register is libunwind's business, which leaves
 * no trace in errno; where there is nothing, frames are lost but no more. */
#include <errno.h>
#include "victim.h"

static NOINLINE void leak(void)
{
	errno = 0;
	MALLOC(100);
	if (errno)
		_exit(99);
}

static NOINLINE void leak_more(void)
{
	errno = 0;
	MALLOC(50);
	if (errno)
		_exit(99);
}

void with_chain(void (*call)(void));
void with_rbx(void (*call)(void));
void with_nothing(void (*call)(void));
__asm__(".text\n"
	".type with_chain, @function\n"
	"with_chain:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	sub $48, %rsp\n"
	"	call *%rdi\n"
	"	leave\n"
	"	ret\n"
	".size with_chain, . - with_chain\n"
	".type with_rbx, @function\n"
	"with_rbx: .cfi_startproc\n"
	"	push %rbx\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbx, -16\n"
	"	mov %rsp, %rbx\n"
	"	.cfi_def_cfa_register %rbx\n"
	"	and $-256, %rsp\n"
	"	call *%rdi\n"
	"	mov %rbx, %rsp\n"
	"	.cfi_def_cfa_register %rsp\n"
	"	pop %rbx\n"
	"	.cfi_def_cfa_offset 8\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size with_rbx, . - with_rbx\n"
	".type with_nothing, @function\n"
	"with_nothing:\n"
	"	sub $40, %rsp\n"
	"	movq $0, (%rsp)\n"
	"	call *%rdi\n"
	"	add $40, %rsp\n"
	"	ret\n"
	".size with_nothing, . - with_nothing\n");

static NOINLINE void make(void)
{
	TIMES(10)
	with_chain(leak);
	TIMES(10)
	with_rbx(leak);
	TIMES(10)
	with_nothing(leak_more);
}

int main(void)
{
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<with_chain<make<away<main");
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<with_rbx<make<away<main");
	say("expect lost count=10 bytes=500 stack=leak_more<with_nothing "
	    "root=*");
	away(make);
	return 0;
}
