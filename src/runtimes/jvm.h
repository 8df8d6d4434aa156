/* The Java virtual machine (HotSpot): what it allocates for itself. */
#ifndef JVM_H
#define JVM_H

#include "scan/runtime.h"

extern const struct runtime runtime_jvm;

#endif
