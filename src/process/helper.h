/*
 * Threads that libc keeps for itself (timers with SIGEV_THREAD, aio,
 * mq_notify). They block all signals, so they cannot be stopped. While one
 * waits inside libc, its registers hold nothing of the program's, and its stack
 * is read like any other. So it counts as stopped then.
 */
#ifndef HELPER_H
#define HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include "process/task.h"

/* Whether the thread waits so. Under the stop lock. task is what task_read()
 * found; mask, the signals that stop threads. */
bool helper_waits(int32_t tid, const struct task *task, uint64_t mask);

#endif
