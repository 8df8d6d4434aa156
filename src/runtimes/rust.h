/*
 * What may be the blocks of Rc and Arc, in programs that have code of Rust.
 */
#ifndef RUST_H
#define RUST_H

#include "scan/runtime.h"

extern const struct runtime runtime_rust;

#endif
