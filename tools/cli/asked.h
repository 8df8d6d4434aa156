/*
 * The process that a request is sent to. Its PID may be given to another one
 * once it has ended, and it may execute another program.
 */
#ifndef ASKED_H
#define ASKED_H

#include <stdbool.h>
#include <sys/types.h>

struct asked {
	pid_t pid;
	int process; /* a descriptor of it; -1: the kernel has none (< 5.3) */
	int program; /* its memory map, -1: none */
};

/* From here on the same process is meant. */
struct asked asked_open(pid_t pid);
/* All its threads have ended. */
bool asked_has_ended(const struct asked *asked);
/* It runs another program than it did at the last call that said so. */
bool asked_has_executed(struct asked *asked);
/* 0, or -1 with errno. */
int asked_send(const struct asked *asked, int sig, int value);

#endif
