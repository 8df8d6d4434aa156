/* See altstack.h. */
#include "base/arena.h"
#include "base/sys.h"
#include "process/altstack.h"

#define SLAB 4 /* stacks that are mapped at a time */

bool altstack_has(const char *stack, uintptr_t sp)
{
	return stack && sp - (uintptr_t)stack < ALTSTACK_SIZE;
}

char *altstack_room(void)
{
	static char *at, *end;

	if (at == end) {
		at = arena_map(SLAB * ALTSTACK_SIZE);
		end = at ? at + SLAB * ALTSTACK_SIZE : NULL;
	}
	if (!at)
		return NULL;
	at += ALTSTACK_SIZE;
	return at - ALTSTACK_SIZE;
}

void altstack_give(char *stack, stack_t *programs)
{
	stack_t ours = {.ss_sp = stack, .ss_size = ALTSTACK_SIZE};
	stack_t now = {0};

	*programs = (stack_t){.ss_flags = SS_DISABLE};
	if (ours.ss_sp && !sys(SYS_sigaltstack, 0, &now) &&
	    now.ss_flags & SS_DISABLE)
		sys(SYS_sigaltstack, &ours, 0);
}
