/* Who left by a jump is in no stack, be it to a function of the program's or
 * straight to malloc, without a frame of its own. */
#include "victim.h"

NOINLINE __attribute__((used)) void leak(void)
{
	MALLOC(100);
}

void jump_to_leak(void);
void *jump_to_malloc(size_t size);
__asm__(".text\n"
	".type jump_to_leak, @function\n"
	"jump_to_leak: .cfi_startproc\n"
	"	jmp leak\n"
	"	.cfi_endproc\n"
	".type jump_to_malloc, @function\n"
	"jump_to_malloc: .cfi_startproc\n"
	"	jmp *malloc@GOTPCREL(%rip)\n"
	"	.cfi_endproc\n");

static NOINLINE void make(void)
{
	TIMES(10)
	jump_to_leak();
	TIMES(10)
	need(jump_to_malloc(50));
}

int main(void)
{
	say("expect lost count=10 bytes=1000 stack=leak<make<away<main");
	say("expect lost count=10 bytes=500 stack=make<away<main");
	away(make);
	return 0;
}
