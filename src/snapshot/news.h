/*
 * What scans tell the program itself: gordian_set_callback() and
 * gordian_set_debug(). The snapshot child writes it to the shared memory. The
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

/* Sets the callback; NULL: none. */
void news_callback(gordian_callback_fn *fn, void *data);
/* Calls back for all news. Outside the guard. */
void news_deliver(void);

/* news_begin(): scan n begins; call it before the snapshot. news_tell_begin():
 * the callback knows of it already. */
void news_begin(uint32_t n);
void news_tell_begin(uint32_t n);
/* In the child: news of a finding that was not reported before, and of the
 * end. */
void news_finding(const struct snapshot *snapshot, const struct finding *f);
void news_end(const struct snapshot *snapshot, const struct written *written);

#endif
