/*
 * What was looked up of reports is kept between runs: in big debug information
 * that takes seconds.
 */
#ifndef CACHE_H
#define CACHE_H

#include <stdbool.h>
#include <stddef.h>

struct report;

/* Looks up names and types, or takes them from the user's cache. The modules
 * may be open then; see modules_close(). */
void report_look_up(struct report *report);

/* Keeps what has been looked up of a report, which had so many warnings before.
 * Without a cache it does nothing. */
void cache_keep(struct report *report, size_t warnings);
/* False: nothing is kept of it, or something has changed since. */
bool cache_take(struct report *report);

#endif
