/*
 * Control blocks of C++ shared pointers (libstdc++ and libc++), in stripped
 * programs too.
 */
#ifndef SHARED_PTR_H
#define SHARED_PTR_H

#include "scan/runtime.h"

extern const struct runtime runtime_shared_ptr;

#endif
