/* See stopped.h. */
#include <string.h>
#include <ucontext.h>
#include "base/sys.h"
#include "process/stopped.h"

#define RED_ZONE 128

struct stopped stopped_from_sp(uintptr_t sp)
{
	return (struct stopped){
		.tid = sys(SYS_gettid),
		.sp = sp,
		.pointer = (uintptr_t)__builtin_thread_pointer(),
	};
}

/* The size of the whole state is in the software bytes of the legacy area
 * (Linux, asm/sigcontext.h). */
#define LEGACY 512
#define SOFTWARE 464
#define MAGIC 0x46505853

size_t stopped_vectors(const void *state)
{
	uint32_t software[2];

	if (!state)
		return 0;
	memcpy(software, (const char *)state + SOFTWARE, sizeof software);
	return software[0] == MAGIC ? software[1] : LEGACY;
}

struct stopped stopped_from_signal(const void *ucontext)
{
	const ucontext_t *uc = ucontext;
	struct stopped s = stopped_from_sp(0);

	/* before the registers is the alternate stack, which perhaps only the
	 * kernel knows */
	s.regs_low = (uintptr_t)&uc->uc_stack;
	s.regs_high = (uintptr_t)(&uc->uc_mcontext + 1);
	s.sp = uc->uc_mcontext.gregs[REG_RSP] - RED_ZONE;
	s.ext_low = (uintptr_t)uc->uc_mcontext.fpregs;
	s.ext_high = s.ext_low + stopped_vectors((void *)s.ext_low);
	return s;
}
