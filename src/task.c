/* See task.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "fd.h"
#include "init.h"
#include "out.h"
#include "sys.h"
#include "task.h"

#define PF_IO_WORKER 0x10 /* Linux, sched.h: io_uring's */

static int directory = -1;

int task_open(void)
{
	if (!fd_is("/task", directory))
		directory = fd_high(
			fd_open_proc("self/task", O_RDONLY | O_DIRECTORY));
	return directory < 0 ? directory : 0;
}

void task_forked(void)
{
	if (fd_is("/task", directory))
		sys(SYS_close, directory);
	directory = -1;
}

/* The directory has a link for each thread, besides a directory's own two. */
int task_count(void)
{
	struct stat st;
	long err = sys(SYS_fstat, directory, &st);

	return err ? err : (int)st.st_nlink - 2;
}

bool task_exists(int32_t tid)
{
	return sys(SYS_tgkill, init_pid(), tid, 0) != -ESRCH;
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

/* One of its files, up to a 0. */
static bool read_file(int32_t tid, const char *name, char *to, size_t room)
{
	char path[40];
	struct text t = {path, sizeof path, 0};
	long fd, n;

	text_number(&t, tid);
	text_add(&t, name);
	fd = sys(SYS_openat, directory, path, O_RDONLY | O_CLOEXEC);
	if (sys_failed(fd))
		return false;
	n = sys(SYS_read, fd, to, room - 1);
	sys(SYS_close, fd);
	to[n > 0 ? n : 0] = 0;
	return n > 0;
}

/* What follows a word that begins a line, or "". */
static const char *after(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? at + strlen(word) : "";
}

static uint64_t hex(const char *s)
{
	uint64_t n = 0;

	for (; (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'f'); s++)
		n = n << 4 | (*s <= '9' ? *s - '0' : *s - 'a' + 10);
	return n;
}

/* The ninth field of its stat: after the name, which may hold anything. */
static uint64_t flags(const char *stat)
{
	const char *at = strrchr(stat, ')');
	uint64_t n = 0;
	int field;

	for (field = 2; at && field < 9; field++)
		at = strchr(at + 1, ' ');
	for (at = at ? at + 1 : ""; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (*at - '0');
	return n;
}

bool task_is_traced(void)
{
	char text[4096];

	return !task_open() &&
	       read_file(sys(SYS_gettid), "/status", text, sizeof text) &&
	       *after(text, "\nTracerPid:\t") > '0';
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
	name = after(text, "Name:\t");
	for (i = 0; i < TASK_NAME - 1 && name[i] && name[i] != '\n'; i++)
		task->name[i] = name[i];
	task->state = *after(text, "\nState:\t");
	task->pending = hex(after(text, "\nSigPnd:\t"));
	task->blocked = hex(after(text, "\nSigBlk:\t"));
	return true;
}
