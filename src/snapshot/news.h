/*
 * What scans have to tell the program itself: gordian_set_callback() and
 * gordian_set_debug(). The snapshot child writes it to the shared memory, the
 * program's next hook hands it on.
 */
#ifndef NEWS_H
#define NEWS_H

#define GORDIAN_TABLE_ONLY
#include <stdbool.h>
#include <stdint.h>
#include "gordian.h"

struct finding;
struct snapshot;
struct written;

/* NULL: nobody wants to know any more. */
void news_callback(gordian_callback_fn *fn, void *data);
/* Calls back for all that is there. Outside the guard. */
void news_deliver(void);

/* Of scan n, before its snapshot; told: the callback knows. */
void news_begin(uint32_t n);
void news_tell_begin(uint32_t n);
/* In the child: a finding that was not reported before; the end. */
void news_finding(const struct snapshot *snapshot, const struct finding *f);
void news_end(const struct snapshot *snapshot, const struct written *written);

#endif
