/*
 * Calls by which a program confines itself, made by number.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <sys/syscall.h>

#ifndef SYS_landlock_restrict_self /* Linux 5.13 */
#define SYS_landlock_restrict_self 446
#endif

static inline bool confine_has(long number)
{
	return number == SYS_prctl || number == SYS_seccomp ||
	       number == SYS_chroot || number == SYS_pivot_root ||
	       number == SYS_mount || number == SYS_umount2 ||
	       number == SYS_move_mount || number == SYS_landlock_restrict_self;
}

/* Makes the call, and does what is to be done before and after it. */
long confine_call(long number, long a, long b, long c, long d, long e);

#endif
