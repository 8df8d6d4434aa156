/*
 * The process to which a request is sent. Its PID may be given to another one
 * once it has ended, and it may execute another program.
 */
#ifndef ASKED_H
#define ASKED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct asked {
	pid_t pid;
	int process; /* a pidfd; -1: the kernel has none (< 5.3) */
	int program; /* its memory map, -1: none */
};

/* Opens the process: from here on it is meant, and no other with its PID. */
struct asked asked_open(pid_t pid);
/* Whether all its threads have ended. */
bool asked_has_ended(const struct asked *asked);
/* Whether it runs another program than at the last call that returned true. */
bool asked_has_executed(struct asked *asked);
/* 0, or -1 with errno. */
int asked_send(const struct asked *asked, int sig, uint64_t value);

#endif
