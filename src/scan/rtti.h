/*
 * The class of a C++ object, by its run-time type information. That is in
 * stripped programs too.
 */
#ifndef RTTI_H
#define RTTI_H

#include <stddef.h>
#include <stdint.h>

/* A longer name is none. */
#define RTTI_NAME 2000

/* Copies the mangled name of the class whose virtual table the first word of an
 * object leads into, with a 0. Its length; 0: it is no such word, or the class
 * is not known. room: at least 1. Snapshot child only. */
size_t rtti_name(uintptr_t vtable, char *name, size_t room);

#endif
