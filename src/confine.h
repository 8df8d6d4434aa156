/*
 * Calls by which a program confines itself, when they come as numbers.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <sys/syscall.h>

static inline bool confine_has(long number)
{
	return number == SYS_prctl || number == SYS_seccomp;
}

/* Makes the call, with what is to be done before and after. */
long confine_call(long number, long a, long b, long c, long d, long e);

#endif
