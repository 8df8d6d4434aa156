/*
 * CPython's adapter.
 */
#ifndef CPYTHON_H
#define CPYTHON_H

#include "scan/runtime.h"

extern const struct runtime cpython_runtime;

#endif
