/*
 * What a seccomp filter of the program's leaves us: which system calls it would
 * punish, and whether scans are still possible. A filter of one thread is taken
 * for the whole process's.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

struct sandbox_filter;

/* A copy of a program's filter; n 0: strict mode. NULL when the kernel would
 * refuse the filter or cannot read it. */
struct sandbox_filter *sandbox_copy(const struct sock_fprog *given);
struct sandbox_filter *sandbox_strict(void);
/* sandbox_push(): the filter is in force from now on; call it before the kernel
 * is told. sandbox_pop(): the kernel refused it. Under the stop lock. */
void sandbox_push(struct sandbox_filter *filter);
void sandbox_pop(void);
/* The name of a call that scans need but that the filters forbid. `with` is one
 * more filter, or NULL. NULL: scans are possible. */
const char *sandbox_forbids(const struct sandbox_filter *with);
/* Whether the filters, and `with`, allow this call. */
bool sandbox_allows(const struct sandbox_filter *with, long number,
		    const long *args);

/* Notes that an unreadable filter punishes this call. */
void sandbox_learn(long number);

/* Whether no scan is possible any more: Gordian then stands aside. */
void sandbox_close(bool closed);
bool sandbox_is_closed(void);

#endif
