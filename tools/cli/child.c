/*
 * PROGRAM as a child that cannot notice: it has the process group, terminal,
 * signal mask and dispositions that the shell would give it. The parent takes
 * signals one at a time by sigwaitinfo, so nothing runs in a handler.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"
#include "common/die.h"
#include "system/process.h"
#include "system/program.h"

struct original {
	sigset_t mask;
	struct sigaction child;
};

/* All signals, but those that say that we ourselves are broken. */
static void signals_taken(sigset_t *set)
{
	static const int own[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
				  SIGTRAP, SIGABRT, SIGSYS};
	size_t i;

	sigfillset(set);
	for (i = 0; i < sizeof(own) / sizeof(*own); i++)
		sigdelset(set, own[i]);
}

/* Tells PROGRAM that it is PROGRAM, which leaves a report in any case. */
static void main_tell(void)
{
	const char *options = getenv("GORDIAN_OPTIONS");
	char *more;

	if (options &&
	    asprintf(&more, "%s:main=%d", options, (int)getpid()) > 0)
		setenv("GORDIAN_OPTIONS", more, 1);
}

/* The child: never returns. It tells the parent what goes wrong, and the parent
 * speaks for both. */
static void child_exec(char **words, const struct original *original, int tell)
{
	int error;

	sigaction(SIGCHLD, &original->child, NULL);
	sigprocmask(SIG_SETMASK, &original->mask, NULL);
	main_tell();
	execvp(words[0], words);
	error = errno;
	if (write(tell, &error, sizeof(error)) < 0) {
		/* Then the parent only sees status 127. */
	}
	_exit(STATUS_NOT_FOUND);
}

static void exec_failed(const char *name, int error)
{
	static struct program_file program; /* never released: this ends us */
	static char *missing;

	program = program_inspect(name);
	if (error == ENOENT)
		missing = program_missing_interpreter(program.path);
	if (missing)
		die(STATUS_NOT_FOUND,
		    "cannot execute '%s': its interpreter '%s' does not exist",
		    name, missing);
	die(error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_EXECUTE,
	    "cannot execute '%s': %s", name, strerror(error));
}

/* When job control has stopped the child, the shell must see us stopped as
 * well. A SIGSTOP from elsewhere stops only the child, since its sender will
 * continue only the child. The exception is a child that stops itself, as a
 * shell's suspend does. Only a terminal's foreground group has reason to. */
static void stop_with_child(int status)
{
	if (WSTOPSIG(status) != SIGSTOP || tcgetpgrp(STDIN_FILENO) == getpgrp())
		kill(getpid(), SIGSTOP);
}

static bool is_stopped(pid_t pid)
{
	siginfo_t info = {0};
	char state;

	/* Takes the notice of a continuation that came in another way. */
	waitid(P_PID, (id_t)pid, &info, WCONTINUED | WNOHANG);
	state = process_state(pid);
	return state == 'T' || state == 'X';
}

/* The terminal's keys send signals to the whole foreground group, with the
 * child: they are not passed on a second time. */
static void pass_on(pid_t pid, const siginfo_t *info)
{
	if (info->si_code == SI_KERNEL || info->si_pid == pid)
		return;
	if (info->si_signo == SIGCONT && !is_stopped(pid))
		return; /* it went to the group */
	if (info->si_code == SI_QUEUE)
		sigqueue(pid, info->si_signo, info->si_value);
	else
		kill(pid, info->si_signo);
}

/* Waits until the child has ended. Its status. */
static int child_wait(pid_t pid, const sigset_t *taken)
{
	siginfo_t info;
	int status;

	for (;;) {
		if (sigwaitinfo(taken, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD) {
			pass_on(pid, &info);
			continue;
		}
		while (waitpid(pid, &status, WNOHANG | WUNTRACED) == pid) {
			if (!WIFSTOPPED(status))
				return status;
			stop_with_child(status);
		}
	}
}

int child_run(char **words, pid_t *pid)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	struct original original;
	int pipes[2], error, status;
	sigset_t taken;
	ssize_t n;

	signals_taken(&taken);
	sigprocmask(SIG_BLOCK, &taken, &original.mask);
	sigaction(SIGCHLD, &plain, &original.child);
	if (pipe2(pipes, O_CLOEXEC))
		die(STATUS_RUN_FAILED, "cannot make a pipe: %s",
		    strerror(errno));
	*pid = fork();
	if (*pid < 0)
		die(STATUS_RUN_FAILED, "cannot start a process: %s",
		    strerror(errno));
	if (!*pid)
		child_exec(words, &original, pipes[1]);
	close(pipes[1]);
	do
		n = read(pipes[0], &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	close(pipes[0]);
	if (n == sizeof(error)) {
		waitpid(*pid, &status, 0);
		exec_failed(words[0], error);
	}
	return child_wait(*pid, &taken);
}
