/*
 * The processes that came from this one by fork, and what they executed. They
 * share a page, so that the end of the first can name those that have not ended
 * properly. They tell by lines in the report of the first, their home, since
 * they need no report of their own.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

/* Call it before the first fork. Without memory nothing is known of
 * children. */
void family_begin(void);
/* Around fork, in the parent, so that a child is known that is killed before it
 * has begun. family_begun() takes what family_reserve() gave, and what fork
 * returned. */
int32_t *family_reserve(void);
void family_begun(int32_t *at, int32_t pid);
/* In a forked child: says that it has begun. */
void family_forked(void);
/* The process ends, and all is known that is to be known: it was scanned, or
 * left out by rule. */
void family_left(void);
/* family_executes(): the process is about to execute path, after scan number
 * `scan`, or 0. family_failed(): that failed. Not is_own: in a child that
 * shares its parent's memory, of which only the stack is written. */
void family_executes(const char *path, uint32_t scan, bool is_own);
void family_failed(bool is_own);
/* Before that: the process has blocks of its own, of which nothing will be
 * known. */
void family_unscanned(void);
/* The process has something to report, but may no longer make its report, or
 * has another root directory. PROGRAM's report, which is open, tells that one
 * is missing. */
void family_unwritten(void);
/* At the end of a copy of this process that no hook has followed. */
void family_copied(void);
/* What libc executes for the process (system) cannot be tracked. */
void family_unseen(void);
/* A child was made that executes path (spawn). */
void family_spawned(int32_t pid, const char *path);
/* In the first process, for its last line: adds ,"open":[pid,…] */
void family_close(struct text *text);

#endif
