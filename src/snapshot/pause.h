/*
 * The pause of a scan: all threads are stopped, or the scan is put off.
 */
#ifndef PAUSE_H
#define PAUSE_H

#include <stdbool.h>

/* Stops the threads; where a scan must be, at last without those that do not
 * answer. 0: until park_close(), with task_close() after it. -EAGAIN: put off;
 * that it is put off for long is said once. Else -errno. */
int pause_begin(bool must) __attribute__((warn_unused_result));
/* After the scan: says once that a thread went on. */
void pause_tell(void);

#endif
