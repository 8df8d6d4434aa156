/*
 * Threads that do not answer a stop. Some are exempt: they run no code, or wait
 * inside libc (helper.h), so they count as stopped. Others are late: the signal
 * is there, and they have not parked. All under the stop lock.
 */
#ifndef SILENT_H
#define SILENT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

/* Before anybody is held: whether all that were late the last time can answer
 * now. From now on threads are stopped by that signal. */
bool silent_can_answer(int signal);
/* Forgets who is late. */
void silent_anew(void);
/* Notes why a thread does not answer that was signalled. True: the signal is
 * not there. */
bool silent_note(int32_t tid);
bool silent_is_exempt(int32_t tid);
/* How many threads there are that are exempt; `most` when there are more. */
int silent_exempt(int most);
/* After the clone: whether no thread that was counted as asleep ran
 * meanwhile. */
bool silent_is_sure(void);
/* Adds who did not answer, and why: "thread 12 (name) is stopped". */
void silent_explain(struct text *text);

void silent_forked(void);

#endif
