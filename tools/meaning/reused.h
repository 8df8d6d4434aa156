/*
 * Members whose stack may be that of an earlier object in the same memory.
 */
#ifndef REUSED_H
#define REUSED_H

#include <stdbool.h>

struct member;

/* CPython keeps the memory of objects of some types, and uses it again without
 * an allocation that could be seen. Parts of its objects count as such. */
bool member_is_reused(const struct member *member);

#endif
