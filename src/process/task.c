/* See task.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include "base/config.h"
#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"
#include "base/text.h"
#include "process/pid.h"
#include "process/task.h"
#include "process/thread.h"

#define PF_IO_WORKER 0x10 /* Linux, sched.h: io_uring's */

static int directory = -1;
static bool kept; /* there is no directory, only what proc.h has kept */

int task_open(void)
{
	task_close();
	kept = proc_is_kept();
	if (kept)
		return 0;
	directory = fd_open_proc("self/task", O_RDONLY | O_DIRECTORY);
	return directory < 0 ? directory : 0;
}

void task_close(void)
{
	if (directory >= 0)
		sys(SYS_close, directory);
	directory = -1;
}

static bool read_kept(char *to, size_t room)
{
	long n = proc_status(to, room - 1);

	to[n > 0 ? n : 0] = 0;
	return n > 0;
}

static int count_kept(void)
{
	char text[4096];

	return read_kept(text, sizeof text)
		       ? (int)proc_decimal(proc_field(text, "\nThreads:\t"))
		       : -ENOENT;
}

/* The directory's links: one for each thread, and its own two. */
int task_count(void)
{
	struct stat st;
	long err;

	if (kept)
		return count_kept();
	err = sys(SYS_fstat, directory, &st);
	return err ? err : (int)st.st_nlink - 2;
}

/* Whether the process has one thread. The kernel refuses this call when there
 * are several, or when the memory is another process's too. Otherwise the call
 * does nothing. Filters may punish it. */
static bool is_granted(void)
{
	return !sys_gate && !config.filters && !sys(SYS_unshare, CLONE_VM);
}

/* To read the directory of a new process takes fifty times as long. */
bool task_is_alone(void)
{
	struct stat st;

	if (!thread_is_alone())
		return false;
	return is_granted() ||
	       (!sys(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &st, 0) &&
		st.st_nlink == 3);
}

bool task_exists(int32_t tid)
{
	return sys(SYS_tgkill, pid_own(), tid, 0) != -ESRCH;
}

/* Lists the threads that hooks have seen, with the caller. */
static int list_known(int32_t *tids, uint32_t room)
{
	const struct thread *t;
	uint32_t known = 0;

	for (t = thread_first(); t && known < room; t = t->next)
		if (t->tid && task_exists(t->tid))
			tids[known++] = t->tid;
	return known;
}

int task_list(int32_t *tids, uint32_t room)
{
	struct {
		uint64_t ino, off;
		uint16_t size;
		uint8_t type;
		char name[];
	} * entry;
	char buffer[4096];
	uint32_t known = 0;
	long n, at;

	if (kept)
		return list_known(tids, room);
	sys(SYS_lseek, directory, 0, SEEK_SET);
	while ((n = sys(SYS_getdents64, directory, buffer, sizeof buffer)) >
	       0) {
		for (at = 0; at < n; at += entry->size) {
			int32_t tid = 0;
			const char *c;

			entry = (void *)(buffer + at);
			for (c = entry->name; *c >= '0' && *c <= '9'; c++)
				tid = tid * 10 + (*c - '0');
			if (!*c && known < room)
				tids[known++] = tid;
		}
	}
	return n ? n : known;
}

/* Reads one of a thread's files, up to a 0. */
static bool read_file(int32_t tid, const char *name, char *to, size_t room)
{
	char path[40];
	struct text t = {path, sizeof path, 0};

	text_number(&t, tid);
	text_add(&t, name);
	if (directory < 0)
		return false;
	return fd_read_text(
		sys(SYS_openat, directory, path, O_RDONLY | O_CLOEXEC), to,
		room);
}

static uint64_t hex(const char *s)
{
	uint64_t n = 0;

	for (; (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'f'); s++)
		n = n << 4 | (*s <= '9' ? *s - '0' : *s - 'a' + 10);
	return n;
}

/* The ninth field of a thread's stat. The name before it may hold anything. */
static uint64_t flags(const char *stat)
{
	const char *at = strrchr(stat, ')');
	int field;

	for (field = 2; at && field < 9; field++)
		at = strchr(at + 1, ' ');
	return proc_decimal(at ? at + 1 : "");
}

bool task_is_traced(void)
{
	char text[4096];

	return !task_open() &&
	       (kept ? read_kept(text, sizeof text)
		     : read_file(sys(SYS_gettid), "/status", text,
				 sizeof text)) &&
	       *proc_field(text, "\nTracerPid:\t") > '0';
}

/* The last word of the file. "running" alone means none. */
uintptr_t task_waits_at(int32_t tid)
{
	char text[256];
	const char *at;

	if (!read_file(tid, "/syscall", text, sizeof text))
		return 0;
	at = strrchr(text, ' ');
	return at && !strncmp(at, " 0x", 3) ? hex(at + 3) : 0;
}

bool task_read(int32_t tid, struct task *task)
{
	char text[4096];
	const char *name;
	size_t i;

	*task = (struct task){0};
	if (!read_file(tid, "/stat", text, sizeof text))
		return false;
	task->worker = flags(text) & PF_IO_WORKER;
	if (!read_file(tid, "/status", text, sizeof text))
		return false;
	name = proc_field(text, "Name:\t");
	for (i = 0; i < TASK_NAME - 1 && name[i] && name[i] != '\n'; i++)
		task->name[i] = name[i];
	task->state = *proc_field(text, "\nState:\t");
	task->pending = hex(proc_field(text, "\nSigPnd:\t"));
	task->blocked = hex(proc_field(text, "\nSigBlk:\t"));
	task->switches =
		proc_decimal(proc_field(text, "\nvoluntary_ctxt_switches:\t")) +
		proc_decimal(
			proc_field(text, "\nnonvoluntary_ctxt_switches:\t"));
	return true;
}
