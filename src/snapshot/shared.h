/*
 * What the program and the children that scan it share. All else is private and
 * frozen. One of them writes it at a time, but where it says otherwise.
 */
#ifndef SHARED_H
#define SHARED_H

#define GORDIAN_TABLE_ONLY
#include <stdbool.h>
#include <stdint.h>
#include "gordian.h"
#include "report/file.h"
#include "report/report.h"
#include "scan/fault.h"
#include "scan/late.h"
#include "snapshot/growing_table.h"

/* Answers to questions of ask.h. */
#define ANSWERS 4096
struct answers {
	uint32_t busy;	/* a thread asks, or reads answers */
	uint32_t whole; /* the child came to its end */
	uint32_t n;	/* how many there are; at most ANSWERS are listed */
	struct answer {
		uintptr_t at; /* the block, or the owner */
		void (*clear)(
			void *); /* the clear function of the owner's field */
	} list[ANSWERS];
};

/* What news.h hands on. */
#define NEWS_ROOM 1024
struct news {
	uint32_t written, read; /* counted from the start */
	uint32_t busy;		/* a thread is handing news on */
	struct gordian_news list[NEWS_ROOM];
};

/* Of a question that comes instead of a scan, and that a request asked. */
enum answered {
	ANSWERED_NOT, /* the child came to no end */
	ANSWERED,
	ANSWERED_IN_VAIN, /* the report could not be written */
	ANSWERED_NOTHING, /* there is no path */
};

#define CHILD_LATE 98 /* a child's exit status at its limit of time */

#define TOLD_RUNTIME 64

struct shared {
	uint32_t scan;	  /* scans begun */
	uint32_t done;	  /* the last that ended, with or without success */
	uint32_t counted; /* the last that came to a result, ... */
	uint32_t good;	  /* ... and the last that is in the report */
	uint64_t told_runtime[TOLD_RUNTIME]; /* hashes of what was told of
						runtimes */
	uint32_t told_memory; /* it was told that a scan was given up */
	uint32_t told_stacks; /* it was told that some stacks are unknown */
	uint32_t limit_s;  /* seconds of processor time for the current one */
	uint32_t pause_us; /* of the current one; UINT32_MAX: still paused */
	uint32_t alarms;   /* findings but suspects in the last scan, ... */
	uint32_t fresh;	   /* ... those among them not reported before, ... */
	uint32_t findings; /* ... and all that were ever reported */
	uint64_t blocks, bytes, objects; /* as of the last scan */
	uint64_t faults;		 /* of the program, before the clone */
	uint64_t copied; /* pages that the program copied while the child lived
			  */
	struct file_shared file;
	struct reported reported;
	struct news news;
	struct answers answers;
	struct late_shared late;
	struct growing_shared growing;
	struct fault fault; /* the current child's */
	bool questioned;    /* the current child answers a question alone: */
	enum answered answered;
	uint64_t image;	 /* that the current child writes: what it is about */
	bool unsure;	 /* a helper of libc's ran while the child was made */
	uint32_t voided; /* the last scan that said nothing: another is to be
			    made */
	uint32_t told_unread; /* it was told that memory was not read */
};

/* NULL before shared_init(). */
struct shared *shared_memory(void);
/* Maps it, all zeros, unless it is there. A process that is never scanned does
 * without. Any thread. 0 or -errno. */
int shared_init(void) __attribute__((warn_unused_result));
void shared_stop(void);

#endif
