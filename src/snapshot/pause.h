/*
 * The pause of a scan: all threads are stopped, or the scan is put off.
 */
#ifndef PAUSE_H
#define PAUSE_H

#include <stdbool.h>

/* Stops the threads. A scan that must be made goes, at last, without threads
 * that do not answer. 0: until park_close(), with task_close() after it.
 * -EAGAIN: put off; when that lasts long it is said once. Otherwise -errno. */
int pause_begin(bool must) __attribute__((warn_unused_result));
/* After the scan: says, once, that a thread went on. */
void pause_tell(void);

#endif
