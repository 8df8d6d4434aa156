/*
 * Go, in programs with cgo, and in C libraries made of it. Its runtime asks the
 * kernel itself whether a thread has a signal stack, takes the one that we have
 * given (altstack.h), and ends the program when a handler runs on another.
 */
#ifndef GOLANG_H
#define GOLANG_H

#include <stdbool.h>
#include <stdint.h>

/* Whether that is code of a module in which Go's runtime is. */
bool golang_has(uintptr_t code);

#endif
