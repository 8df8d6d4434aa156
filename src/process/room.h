/*
 * How much address space or data the process' limits leave it.
 */
#ifndef ROOM_H
#define ROOM_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes; SIZE_MAX: nothing limits it. Raw system calls alone. */
size_t room_left(void);
/* Whether the kernel promises only memory that is there (vm.overcommit_memory
 * is 2). */
bool room_is_promised(void);

#endif
