/* See sys.h. */
#include "sys.h"

sys_gate_fn *sys_gate;
