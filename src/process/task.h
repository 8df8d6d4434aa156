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
	char state;  /* as ps(1) shows it */
	bool worker; /* the kernel's own, in our name: runs no code of ours */
	uint64_t blocked, pending;
	uint64_t switches; /* how often it left its processor */
	char name[TASK_NAME];
};

/* To be called before the others: opens a directory, which a program must not
 * find in itself, so that it is closed when the threads go on. 0 or -errno. */
int task_open(void);
void task_close(void);
/* All that there are, ended ones that nobody has taken leave of among them;
 * -errno. Costs one system call, however many there are. */
int task_count(void);
/* There is no thread but the one that asks. Not under the lock, and without
 * an open directory. */
bool task_is_alone(void);
/* Their numbers, at most `room`; how many, or -errno. */
int task_list(int32_t *tids, uint32_t room);
/* False when there is no such thread. */
bool task_read(int32_t tid, struct task *task);
bool task_exists(int32_t tid);
/* Where it waits in the kernel, by its program counter; 0: it runs. */
uintptr_t task_waits_at(int32_t tid);
/* A debugger or strace watches the program. */
bool task_is_traced(void);

#endif
