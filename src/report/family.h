/*
 * The processes that came from this one by fork, and what they executed: a
 * page that they share, so that the end of the first can name those that have
 * not ended properly. They tell by lines in the report of the first, their
 * home, which needs no report of their own.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/out.h"

/* Before the first fork, at the latest. Without memory, nothing is known of
 * children. */
void family_begin(void);
/* Around fork, in the parent: a child that is killed before it has begun is
 * known, too. `begun` takes what `reserve` gave, and what fork returned. */
int32_t *family_reserve(void);
void family_begun(int32_t *at, int32_t pid);
/* In a forked child: it has begun. */
void family_forked(void);
/* It has come to an end of which all is known that is to be known: it was
 * scanned, or left out by rule. */
void family_left(void);
/* It is about to execute path, after scan number scan, or 0; that failed. Not
 * is_own: in a child that shares its parent's memory, of which only the stack
 * is written. */
void family_executes(const char *path, uint32_t scan, bool is_own);
void family_failed(bool is_own);
/* Before that: it has blocks of its own, of which nothing will be known. */
void family_unscanned(void);
/* It has something to say, but has given up the right to make its report, or
 * left for another root: PROGRAM's, which is open, tells that it is missing. */
void family_unwritten(void);
/* At the end of a copy of this process that nobody has followed. */
void family_copied(void);
/* What libc executes for it (system) cannot be tracked. */
void family_unseen(void);
/* A child was made that executes path. */
void family_spawned(int32_t pid, const char *path);
/* Of the first process, for its last line: ,"open":[pid,…] */
void family_close(struct text *text);

#endif
