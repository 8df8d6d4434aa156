/*
 * One scan, from the program's side: stop the threads, clone a child that has a
 * frozen copy of everything, let them go. The child does the rest.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include "process/stopped.h"
#include "snapshot/frozen.h"
#include "snapshot/triggers.h"

/* Takes a snapshot. Scans for TRIGGER_THRESHOLD and _INTERVAL give way when
 * another is under way. The others wait for it, and then for the end of the
 * analysis. `self` says what of the calling thread is in use. Outside the
 * guard. 0; -EAGAIN when it was put off. */
int snapshot_take(enum trigger trigger, const struct stopped *self);
/* The same with a question, for TRIGGER_API or TRIGGER_REQUEST. The thread that
 * has set `busy` reads the answers. */
int snapshot_ask(enum trigger trigger, enum ask ask, uintptr_t about,
		 const struct stopped *self);
/* How many findings the last scan had, without suspects. */
uint32_t snapshot_alarms(void);
/* Waits for a child that is still at work. */
void snapshot_finish(void);
/* Reaps a child that has ended. Outside the guard. */
void snapshot_reap(void);
/* The program was refused a process. Whether a child of ours has made room for
 * one: waits for the child a while, then ends it. Keeps errno. */
bool snapshot_make_room(void);
void snapshot_forked(void);

#endif
