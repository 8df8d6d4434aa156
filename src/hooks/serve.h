/*
 * Serves what was noted for a thread while it was inside the guard: parks for a
 * stop, makes the scan that is due, ends by the signal that came.
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdint.h>

/* For guard_server. Outside the guard. */
void serve(uintptr_t sp);

#endif
