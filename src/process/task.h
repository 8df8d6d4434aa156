/*
 * What the kernel says of the program's threads: /proc/self/task. Raw system
 * calls only; under the stop lock.
 */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>
#include <stdint.h>

#define TASK_NAME 16

struct task {
	char state;  /* the state, as ps(1) shows it */
	bool worker; /* a thread of the kernel's, counted as ours: runs no code
			of the program */
	uint64_t blocked, pending;
	uint64_t switches; /* how often it has left its processor */
	char name[TASK_NAME];
};

/* Call it before the others. Opens a directory. The program must not find it
 * open, so it is closed before the threads go on. 0 or -errno. */
int task_open(void);
void task_close(void);
/* How many threads there are, with ended ones that were not reaped yet; -errno.
 * One system call, however many there are. */
int task_count(void);
/* Whether the caller is the only thread. Needs no lock and no open
 * directory. */
bool task_is_alone(void);
/* Lists the threads' numbers, at most `room`. How many, or -errno. */
int task_list(int32_t *tids, uint32_t room);
/* False when there is no such thread. */
bool task_read(int32_t tid, struct task *task);
bool task_exists(int32_t tid);
/* The program counter at which the thread waits in the kernel; 0: it runs. */
uintptr_t task_waits_at(int32_t tid);
/* A debugger or strace watches the program. */
bool task_is_traced(void);

#endif
