/*
 * What was noted for a thread while it was inside: park for a stop, make the
 * scan that is due, end by the signal that came.
 */
#ifndef SERVE_H
#define SERVE_H

#include <stdint.h>

/* For guard_server. Outside the guard. */
void serve(uintptr_t sp);

#endif
