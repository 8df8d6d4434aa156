/*
 * The memory of the process' control group.
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdint.h>

/* Bytes that may be used until the kernel ends every process of a group at
 * once (memory.oom.group). UINT64_MAX when it does not do that, or nothing
 * is known. */
uint64_t cgroup_left(void);
/* The same for the group at path, below mount. */
uint64_t cgroup_left_of(const char *mount, const char *path);

#endif
