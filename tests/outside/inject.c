/*
 * Runs a command and makes chosen system calls of libgordian.so fail, in every
 * process of it, the snapshot child too: a seccomp filter hands each call to
 * this program, which looks whether it was made by the library.
 *
 *   inject LOG [--site=OFFSET|--call=NUMBER [--skip=N] [--times=N]
 *              --errno=N|--kill] [--spare=OFFSET]... -- COMMAND...
 *
 * LOG gets a line for each call of the library: "OFFSET NUMBER ERRNO", the
 * offset of the instruction in the library, the number of the call, and how it
 * was made to fail, or 0. Of the calls at OFFSET, or with NUMBER wherever they
 * are made, the first --skip go through, the next --times fail. With --kill
 * they go through, and who has made one is killed at its next call of the
 * library. Calls at a spared OFFSET go through. The status is the command's, 77
 * where the kernel has no such filter.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define PAGES 4096 /* of the table of code pages seen */
#define PAGE_BITS 12
#define SPARED 32

static struct {
	FILE *log;
	uint64_t site;
	int call;
	long skip, times;
	int error;
	bool kill;
	unsigned spared_n;
	uint64_t spared[SPARED];
} options;

static uint32_t doomed; /* to be killed at its next call */

/* A page of code: what a process has there. A number may be another process's
 * by now; exec empties its entries. */
static struct page {
	uint32_t pid;
	bool is_library;
	uint64_t address, base;
} pages[PAGES];

static void read_page(struct page *page)
{
	char path[40], line[512];
	FILE *maps;
	unsigned long low, high, offset;

	page->is_library = false;
	snprintf(path, sizeof path, "/proc/%u/maps", page->pid);
	maps = fopen(path, "r");
	if (!maps)
		return;
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %*s %lx", &low, &high, &offset) != 3)
			continue;
		if (page->address < low || page->address >= high)
			continue;
		page->is_library = strstr(line, "/libgordian.so") != NULL;
		page->base = low - offset;
		break;
	}
	fclose(maps);
}

static const struct page *page_of(uint32_t pid, uint64_t address)
{
	uint64_t at = address >> PAGE_BITS << PAGE_BITS;
	uint64_t hash = (at >> PAGE_BITS) * 0x9e3779b97f4a7c15 + pid * 40503u;
	struct page *page = &pages[hash >> 32 & (PAGES - 1)];

	if (page->pid != pid || page->address != at) {
		page->pid = pid;
		page->address = at;
		read_page(page);
	}
	return page;
}

static void forget(uint32_t pid)
{
	int i;

	for (i = 0; i < PAGES; i++)
		if (pages[i].pid == pid)
			pages[i].pid = 0;
}

static bool is_meant(uint64_t site, int call)
{
	unsigned i;

	for (i = 0; i < options.spared_n; i++)
		if (options.spared[i] == site)
			return false;
	return site == options.site || call == options.call;
}

/* 0, or the error with which it is to fail. */
static int decide(const struct seccomp_notif *call)
{
	uint64_t at = call->data.instruction_pointer;
	const struct page *page = page_of(call->pid, at);
	uint64_t site = at - page->base;
	int error = 0;

	if (call->data.nr == SYS_execve || call->data.nr == SYS_execveat)
		forget(call->pid);
	if (!page->is_library)
		return 0;
	if (call->pid == doomed)
		kill(call->pid, SIGKILL);
	if (is_meant(site, call->data.nr) && options.skip-- <= 0 &&
	    options.times > 0) {
		options.times--;
		error = options.error;
		if (options.kill)
			doomed = call->pid;
	}
	fprintf(options.log, "%lx %d %d\n", (unsigned long)site, call->data.nr,
		error);
	return error;
}

static void serve(int listener)
{
	struct seccomp_notif call;
	struct seccomp_notif_resp answer;
	struct pollfd ready = {listener, POLLIN, 0};

	for (;;) {
		if (poll(&ready, 1, -1) < 0 && errno != EINTR)
			return;
		if (ready.revents & POLLHUP) /* nobody is left */
			return;
		memset(&call, 0, sizeof call);
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
			continue;
		memset(&answer, 0, sizeof answer);
		answer.id = call.id;
		answer.error = -decide(&call);
		if (!answer.error)
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static int listen_here(void)
{
	struct sock_filter all[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	struct sock_fprog filter = {1, all};
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			   flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
			   &filter);
	if (listener < 0 && errno == EINVAL) /* before Linux 5.19 */
		listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags,
				   &filter);
	return listener;
}

/* Shares memory and descriptors with the parent until it executes: so the
 * parent has the listener. */
struct start {
	char **command;
	volatile int listener;
};

static int start_command(void *told)
{
	struct start *start = told;

	start->listener = listen_here();
	if (start->listener < 0)
		_exit(77);
	execvp(start->command[0], start->command);
	_exit(127);
}

static int run(char **command)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct start start = {command, -2};
	int status;
	pid_t pid = clone(start_command, stack + sizeof stack,
			  CLONE_VM | CLONE_FILES | SIGCHLD, &start);

	if (pid < 0)
		return 99;
	while (start.listener == -2)
		usleep(100);
	if (start.listener >= 0)
		serve(start.listener);
	if (waitpid(pid, &status, 0) != pid)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool option(const char *word)
{
	if (!strncmp(word, "--site=", 7))
		options.site = strtoul(word + 7, NULL, 16);
	else if (!strncmp(word, "--call=", 7))
		options.call = atoi(word + 7);
	else if (!strncmp(word, "--skip=", 7))
		options.skip = atol(word + 7);
	else if (!strncmp(word, "--times=", 8))
		options.times = atol(word + 8);
	else if (!strncmp(word, "--errno=", 8))
		options.error = atoi(word + 8);
	else if (!strncmp(word, "--spare=", 8) && options.spared_n < SPARED)
		options.spared[options.spared_n++] =
			strtoul(word + 8, NULL, 16);
	else if (!strcmp(word, "--kill"))
		options.kill = true;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 4)
		return 99;
	options.times = 1;
	options.call = -1;
	options.log = fopen(argv[1], "we");
	for (i = 2; i < argc && option(argv[i]); i++)
		;
	if (!options.log || i + 1 >= argc || strcmp(argv[i], "--"))
		return 99;
	return run(argv + i + 1);
}
