/*
 * The functions of gordian.h, the counterpart of Python's gc module. The
 * program calls them, outside the guard. gordian.h says what they do.
 */
#ifndef GC_H
#define GC_H

#define GORDIAN_TABLE_ONLY
#include "gordian.h"

int gc_check(void);
int gc_collect(void);
int gc_enable(int on);
long gc_threshold(long n);
int gc_stats(struct gordian_stats *out);
int gc_baseline(void);
int gc_is_tracked(const void *p);
int gc_referrers(const void *p, const void **out, int room);
int gc_referents(const void *p, const void **out, int room);
int gc_callback(gordian_callback_fn *fn, void *data);
int gc_debug(int level);

#endif
