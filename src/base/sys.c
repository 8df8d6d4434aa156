/* See sys.h. */
#include "base/sys.h"

sys_gate_fn *sys_gate;
