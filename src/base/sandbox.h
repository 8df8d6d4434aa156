/*
 * What a seccomp filter that the program installs leaves us: which system calls
 * it would punish, and whether scans are still possible. A thread's filter is
 * taken for the whole process's.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

struct sandbox_filter;

/* A copy of a program's filter; n 0: strict mode. NULL: the kernel would not
 * take it, or cannot read it. */
struct sandbox_filter *sandbox_copy(const struct sock_fprog *given);
struct sandbox_filter *sandbox_strict(void);
void sandbox_discard(struct sandbox_filter *filter);
/* In force from now on, before the kernel is told; or not after all. Under the
 * stop lock. */
void sandbox_push(struct sandbox_filter *filter);
void sandbox_pop(void);
/* The name of a call that scans need and that the filters in force, with
 * another one that may be NULL, do not allow. NULL: scans are possible. */
const char *sandbox_forbids(const struct sandbox_filter *with);
/* Whether this call would be made, if `with` were in force too. */
bool sandbox_allows(const struct sandbox_filter *with, long number,
		    const long *args);

/* A call is punished, by a filter that nobody could read. */
void sandbox_learn(long number);

/* No scan is possible any more: Gordian stands aside. */
void sandbox_close(bool closed);
bool sandbox_is_closed(void);

#endif
