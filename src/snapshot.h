/*
 * One scan, from the program's side: stop the threads, clone a child that
 * holds a frozen copy of everything, let them go. The child does the rest.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include "ask.h"
#include "learn.h"
#include "settle.h"
#include "news.h"
#include "proven.h"
#include "stopped.h"
#include "trigger.h"

/* What child and program share; all else is private and frozen. */
#define SHARED_IDS 65536
struct shared {
	uint32_t scan;	      /* scans begun */
	uint32_t done;	      /* the last that ended, with or without success */
	uint32_t good;	      /* the last that came to a result */
	uint32_t told_memory; /* that one was given up */
	uint32_t told_unwind; /* that stacks are cut short */
	uint32_t told_stacks; /* that there are more than are known */
	uint32_t limit_s;     /* of processor time, for the current one */
	uint32_t pause_us;    /* of the current one; UINT32_MAX: still paused */
	uint32_t alarms;      /* findings but suspects in the last scan, ... */
	uint32_t fresh;	   /* ... those among them not reported before, ... */
	uint32_t findings; /* ... and all that were ever reported */
	uint32_t unripe;   /* findings of it that wait for a second one */
	uint64_t blocks, bytes, objects; /* as of the last scan */
	uint32_t misuses;		 /* of macros, reported so far */
	uint64_t faults;		 /* of the program, before the clone */
	uint64_t copied; /* pages, by the program while the child lived */
	uint32_t file_n; /* report file: see file.h */
	uint32_t file_open;
	uint32_t file_failed;	 /* it was said that it cannot be written */
	uint32_t file_stuck;	 /* a pipe that nobody reads: given up */
	uint64_t id[SHARED_IDS]; /* findings met: open addressing */
	bool reported[SHARED_IDS];
	struct news news;
	struct answers answers;
	struct learned learned;
	struct unsettled unsettled;
	struct proven proven;
	uint32_t freeze; /* enum freeze: of the current scan */
	bool unsure;	 /* a helper of libc's ran while the child was made */
	uint32_t voided; /* the last that said nothing: another is to be made */
	uint32_t told_unread; /* memory that was not read */
	uint32_t told_freed;  /* that blocks are freed past us */
};

/* What the child is told; valid in the child. */
struct snapshot {
	enum trigger trigger;
	uint32_t n;	/* of the scan */
	uint32_t asked; /* the same for a request, else 0 */
	enum ask ask;
	uintptr_t about; /* what is asked about */
	struct stopped self;
	void *alternate; /* its signal stack */
	uint32_t turn;	 /* how often it was made and said nothing */
	bool again;	 /* it may say nothing once more */
	struct shared *shared;
};

/* Takes one. For TRIGGER_THRESHOLD and _INTERVAL it gives way when another is
 * under way; the others wait, and wait for the end of the analysis. `self`
 * says what of the calling thread is in use. Outside the guard. 0; -EAGAIN
 * when it was put off. */
int snapshot_take(enum trigger trigger, const struct stopped *self);
/* TRIGGER_API with a question; who has set busy reads the answers. */
int snapshot_ask(enum ask ask, uintptr_t about, const struct stopped *self);
/* No child is at work, or the trigger's scan waits for it. Any thread. */
bool snapshot_may_begin(enum trigger trigger);
/* Findings but suspects of the last scan. */
uint32_t snapshot_alarms(void);
/* NULL before the library is ready. */
struct shared *snapshot_shared(void);
/* Waits for a child that is still at work. */
void snapshot_finish(void);
/* One has ended, and was charged: what it has told. */
void snapshot_ended(void);
/* Takes the leave of one that has ended. Outside the guard. */
void snapshot_reap(void);
/* The program was refused a process: whether a child of ours has made room for
 * one. Waits for it a while, then ends it. Keeps errno. */
bool snapshot_make_room(void);
int snapshot_init(void);
/* As if snapshot_init() had not been called. */
void snapshot_stop(void);
void snapshot_forked(void);

/* child.c: runs in the child on a stack of its own; never returns. */
void child_run(const struct snapshot *snapshot) __attribute__((noreturn));

#endif
