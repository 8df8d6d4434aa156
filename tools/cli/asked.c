/*
 * See asked.h. A descriptor of a process's memory map belongs to the memory
 * that the process has now. Once that is gone nothing more can be read there.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/asked.h"
#include "system/process.h"

static int program_open(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)process_thread(pid));
	return open(path, O_RDONLY | O_CLOEXEC);
}

struct asked asked_open(pid_t pid)
{
	return (struct asked){
		.pid = pid,
		.process = syscall(SYS_pidfd_open, pid, 0),
		.program = program_open(pid),
	};
}

bool asked_has_ended(const struct asked *asked)
{
	struct pollfd end = {.fd = asked->process, .events = POLLIN};

	if (asked->process < 0)
		return !process_is_alive(asked->pid);
	return poll(&end, 1, 0) > 0;
}

bool asked_has_executed(struct asked *asked)
{
	char line[64];

	if (asked->program >= 0 &&
	    pread(asked->program, line, sizeof(line), 0) > 0)
		return false;
	if (asked->program >= 0)
		close(asked->program);
	asked->program = program_open(asked->pid);
	return true;
}

int asked_send(const struct asked *asked, int sig, uint64_t value)
{
	siginfo_t info = {.si_code = SI_QUEUE};
	union sigval word = {.sival_ptr = (void *)value};
	int err;

	info.si_signo = sig;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = word;
	if (asked->process < 0)
		return sigqueue(asked->pid, sig, word);
	err = syscall(SYS_pidfd_send_signal, asked->process, sig, &info, 0);
	return err && errno == ENOSYS ? sigqueue(asked->pid, sig, word) : err;
}
