/*
 * Threads that libc keeps for itself (timers with SIGEV_THREAD, aio,
 * mq_notify): they block all signals, so that they cannot be stopped. While one
 * waits inside libc, nothing of the program's lies in its registers, and its
 * stack is read like any other: then it counts as stopped.
 */
#ifndef HELPER_H
#define HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include "process/task.h"

/* Under the stop lock; task as task_read() found it; mask: the signals that
 * stop threads. */
bool helper_waits(int32_t tid, const struct task *task, uint64_t mask);

#endif
