/* What the Java virtual machine (HotSpot) and Ruby allocate for themselves. */
#ifndef OWN_H
#define OWN_H

#include "scan/runtime.h"

extern const struct runtime runtime_jvm, runtime_ruby;

#endif
