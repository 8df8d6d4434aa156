/*
 * The program's threads as Gordian knows them. A record is made at a thread's
 * first hook, belongs to that thread, and is used again once the thread has
 * ended.
 */
#ifndef THREAD_H
#define THREAD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "process/tally.h"

struct stack_memo;

enum pending {
	PENDING_STOP = 1,    /* another thread waits for us to park */
	PENDING_REQUEST = 2, /* `gordian check` asks for a scan */
	PENDING_DUE = 4,     /* threshold or interval */
	PENDING_END = 8,     /* a signal that ends the program */
	PENDING_LOST = 16,   /* a block could not be recorded */
	PENDING_CLOCK = 32,  /* the clock may have moved */
	PENDING_ABOUT = 64,  /* a request about something */
};

/* The owner writes its record at every allocation. So no two records share a
 * line of the cache, nor the pair of lines that is fetched together. */
#define THREAD_ALIGN 128
struct thread {
	volatile bool inside;	   /* the guard */
	volatile uint32_t pending; /* enum pending */
	uintptr_t guard_frame;
	int32_t tid;	       /* 0: the record is free */
	uintptr_t interrupted; /* sp of the last system call that our signal
				  ended (calls.h); 0: none */
	uint32_t disabled;     /* depth of __lsan_disable */
	uint32_t calls_back;   /* a function that the program gave us runs */
	uintptr_t stack_low, stack_high; /* high 0: not known */
	uintptr_t start_frame; /* above it: descriptor and thread-local
				  storage; 0 for the main thread */
	uintptr_t descriptor;  /* pthread_self() */
	uint64_t arrived;      /* signals that came while it was held */
	uint64_t about;	       /* that request (request.h) */
	void *arg; /* of its function; holds blocks while the thread lives */
	bool own_stack; /* the program's, not libc's to keep */
	struct stack_memo *memo;
	char *signal_stack;    /* altstack.h, ... */
	stack_t program_stack; /* ... and what the program believes in */
	void *environment;     /* environ.h */
	size_t environment_size;
	bool environment_used;
	struct tally tally;
	uint32_t macros;    /* entered */
	int32_t ticks;	    /* hooks until the next look at the clock, ... */
	int32_t pace;	    /* ... and as of the last, ... */
	uint64_t looked_us; /* ... which was then */
	uint64_t ran;	    /* CPU time, as of the last stop, ... */
	bool runs;	 /* ... and whether that is much since the one before */
	uintptr_t ended; /* sp of the last system call that a handler of the
			    program's ended; 0: none */
	uintptr_t again; /* the call that goes on (calls.h); 0: none; odd: a
			    handler of the program's came too early to end it */
	uint32_t nudges; /* how many that call has got */
	struct thread *next; /* in the list of all */
} __attribute__((aligned(THREAD_ALIGN)));

/* The calling thread's, once it has one. */
extern __thread struct thread *thread_self
	__attribute__((tls_model("initial-exec")));

/* Makes the record of the calling thread and sets thread_self. NULL before the
 * library is ready or when memory is short. */
struct thread *thread_attach(void);
/* The list of all records, with the free ones. */
struct thread *thread_first(void);
/* Stacks captured since the start, or the fork. Exact while the other threads
 * are stopped. */
uint64_t thread_captures(void);
/* Sets the calling thread's stack, and forgets what ended threads had there.
 * Inside the guard. */
void thread_set_stack(struct thread *self, uintptr_t low, uintptr_t high);
/* Whether no other thread was seen or started by libc. */
bool thread_is_alone(void);
/* Whether every thread that was seen has a record. */
bool thread_all_have_records(void);
/* With the other threads stopped: no record is made from now on, and no memo is
 * kept. */
void thread_forget(void);
/* Forgets the only thread's record. None will be made. */
void thread_stop(void);
/* For fork: holds the lock, and drops it in parent and child. In the child only
 * the caller is left. */
void thread_fork_prepare(void);
void thread_fork_done(void);
void thread_forked(void);

#endif
