/*
 * Asks the kernel whether memory can be read, without reading it: a wild read
 * would kill the program.
 */
#ifndef PROBE_H
#define PROBE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/sys.h"

/* Whether the eight aligned bytes at address can be read, and with them their
 * page. rt_sigprocmask copies the set in before it refuses `how`. mincore would
 * say yes to PROT_NONE, too. NULL would mean no set at all. */
static inline bool probe_readable(uintptr_t address)
{
	address &= ~(uintptr_t)7;
	return address && sys(SYS_rt_sigprocmask, -1, address, 0, 8) != -EFAULT;
}

#endif
