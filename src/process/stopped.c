/* See stopped.h. */
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

struct stopped stopped_from_signal(const void *ucontext)
{
	const ucontext_t *uc = ucontext;
	struct stopped s = stopped_from_sp(0);

	/* before the registers stands the alternate stack, which nobody but
	 * the kernel may know */
	s.regs_low = (uintptr_t)&uc->uc_stack;
	s.regs_high = (uintptr_t)(&uc->uc_mcontext + 1);
#if defined(__x86_64__)
	s.sp = uc->uc_mcontext.gregs[REG_RSP] - RED_ZONE;
	s.ext_low = (uintptr_t)uc->uc_mcontext.fpregs;
	if (s.ext_low) {
		/* the size of the whole state stands in the software bytes
		 * of the legacy area (Linux, asm/sigcontext.h) */
		const uint32_t *software = (uint32_t *)(s.ext_low + 464);

		s.ext_high = s.ext_low +
			     (software[0] == 0x46505853 ? software[1] : 512);
	}
#else
	s.sp = uc->uc_mcontext.sp;
#endif
	return s;
}
