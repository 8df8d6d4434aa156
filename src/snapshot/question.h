/*
 * Requests about something: what the command asks besides scans (request.h).
 */
#ifndef QUESTION_H
#define QUESTION_H

#include <stdbool.h>
#include <stdint.h>
#include "process/stopped.h"

/* Whether the value of a signal is such a request. */
bool question_is(uint64_t value);
/* Answers it, in the report. Like snapshot_take(). */
void question_answer(uint64_t value, const struct stopped *self);

#endif
