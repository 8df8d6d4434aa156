/*
 * See file.h. Opened by the constructor, before the program runs; written to
 * by whoever ends the program or finds something to warn of, and by the
 * snapshot child. Raw system calls only.
 *
 * Two processes of one run may come to the same name: the file is locked
 * while its first line is read, and a file that begins with the token of this
 * run belongs to another of its processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "arena.h"
#include "config.h"
#include "fd.h"
#include "file.h"
#include "init.h"
#include "out.h"
#include "sandbox.h"
#include "snapshot.h"
#include "sys.h"

#define HEAD 65536 /* of the first line that is looked at for the token */

static struct {
	char path[CONFIG_PATH];
	char program[256];
	int fd;
	dev_t dev;
	ino_t ino;
	long mapped; /* address, or not */
	bool failed; /* said so */
} file = {.fd = -1};

struct shared *snapshot_shared(void);

static void complain(const char *what, long err)
{
	char line[CONFIG_PATH + 200];
	struct text t = {line, sizeof line, 0};
	const char *why = err == -ENOSPC   ? "no space left on device"
			  : err == -EFBIG  ? "file too large"
			  : err == -EACCES ? "permission denied"
			  : err == -EROFS  ? "read-only file system"
			  : err == -ENOENT ? "no such directory"
					   : NULL;
	struct shared *shared = snapshot_shared();

	if (file.failed || (shared && shared->file_failed) ||
	    sandbox_is_closed())
		return;
	file.failed = true;
	if (shared)
		shared->file_failed = 1;
	text_add(&t, what);
	text_add(&t, " '");
	text_add(&t, file.path);
	text_add(&t, "': ");
	if (why)
		text_add(&t, why);
	else
		text_number(&t, -err);
	out_note(line);
}

void file_init(void)
{
	char exe[CONFIG_PATH];
	long n = sys(SYS_readlink, "/proc/self/exe", exe, sizeof exe - 1);
	const char *name;
	struct text t = {file.program, sizeof file.program, 0};

	exe[n > 0 ? n : 0] = 0;
	name = strrchr(exe, '/');
	text_add(&t, name ? name + 1 : "program");
}

const char *file_path(void)
{
	return file.path;
}

/* One write. SIGXFSZ of a limited file size must not reach the program. */
static int write_quietly(int fd, const char *line, size_t size)
{
	uint64_t xfsz = 1ull << (SIGXFSZ - 1), old;
	int64_t none[2] = {0, 0};
	int err;

	sys(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &xfsz, &old, 8);
	err = out_write(fd, line, size);
	if (err == -EFBIG)
		sys(SYS_rt_sigtimedwait, &xfsz, 0, none, 8);
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &old, 0, 8);
	return err;
}

static void add_argv(struct text *t)
{
	static char args[HEAD];
	long fd = sys(SYS_open, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	long n, got = 0;
	char *at;

	while (fd >= 0 && got < (long)sizeof args - 1 &&
	       (n = sys(SYS_read, fd, args + got, sizeof args - 1 - got)) > 0)
		got += n;
	if (fd >= 0)
		sys(SYS_close, fd);
	while (got && !args[got - 1]) /* a title was written over them */
		got--;
	args[got] = 0;
	for (at = args; at < args + got; at += strlen(at) + 1) {
		text_add(t, at > args ? "," : "");
		text_json(t, at);
	}
}

static int write_head(int fd)
{
	size_t room = 8 * HEAD;
	char *line = arena_map(room);
	struct text t = {line, room, 0};
	char exe[CONFIG_PATH];
	long n = sys(SYS_readlink, "/proc/self/exe", exe, sizeof exe - 1);
	int err;

	if (!line)
		return -ENOMEM;
	exe[n > 0 ? n : 0] = 0;
	text_add(&t, "{\"t\":\"program\",\"format\":\"gordian-lines/1\","
		     "\"run\":");
	text_json(&t, config.run);
	text_add(&t, ",\"pid\":");
	text_number(&t, init_pid());
	text_add(&t, ",\"argv\":[");
	add_argv(&t);
	text_add(&t, "],\"exe\":");
	text_json(&t, exe);
	text_add(&t, "}\n");
	err = write_quietly(fd, line, t.used);
	arena_unmap(line, room);
	return err;
}

/* The file's first line names this run. */
static bool is_of_this_run(int fd)
{
	char head[512], token[sizeof config.run + 16];
	struct text t = {token, sizeof token, 0};
	long n = sys(SYS_pread64, fd, head, sizeof head - 1, 0);

	if (n <= 0)
		return false;
	head[n] = 0;
	text_add(&t, "\"run\":");
	text_json(&t, config.run);
	return strstr(head, token) != NULL;
}

/* 0 when it is ours now, -EEXIST when another process of the run has it. */
static int claim(int fd, const struct stat *st)
{
	int err;

	if (!S_ISREG(st->st_mode))
		return write_head(fd);
	sys(SYS_flock, fd, LOCK_EX);
	err = is_of_this_run(fd) ? -EEXIST : 0;
	if (!err)
		err = sys(SYS_ftruncate, fd, 0);
	if (!err)
		err = write_head(fd);
	sys(SYS_flock, fd, LOCK_UN);
	return err;
}

static void set_path(uint32_t n)
{
	struct text t = {file.path, sizeof file.path, 0};

	config_report_path(file.path, init_pid(), file.program);
	t.used = strlen(file.path);
	if (n) {
		text_add(&t, ".");
		text_number(&t, init_pid());
	}
	if (n > 1) {
		text_add(&t, ".");
		text_number(&t, n);
	}
}

static void adopt(long fd, const struct stat *st)
{
	long before = file.mapped;

	file.fd = fd_high(fd);
	file.dev = st->st_dev;
	file.ino = st->st_ino;
	file.mapped = 0;
	if (S_ISREG(st->st_mode)) /* only to be seen in /proc/PID/maps */
		file.mapped =
			sys(SYS_mmap, 0, 1, PROT_READ, MAP_SHARED, file.fd, 0);
	if (before && !sys_failed(before)) /* last: one is always there */
		sys(SYS_munmap, before, 1);
}

static int open_path(struct stat *st)
{
	long fd = sys(SYS_open, file.path,
		      O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd == -EACCES || fd == -EINVAL) { /* a pipe, a device */
		long there = sys(SYS_open, file.path,
				 O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY, 0);

		fd = there == -ENOENT ? fd : there;
	}
	if (fd >= 0)
		sys(SYS_fstat, fd, st);
	return fd;
}

int file_descriptor(void)
{
	struct stat st, again;
	long fd;

	if (file.fd < 0)
		return -1;
	if (!sys(SYS_fstat, file.fd, &st) && st.st_dev == file.dev &&
	    st.st_ino == file.ino)
		return file.fd;
	/* the program closed it, and may use the number: by name, then */
	fd = sys(SYS_open, file.path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	if (fd >= 0 && (sys(SYS_fstat, fd, &again) ||
			again.st_dev != file.dev || again.st_ino != file.ino)) {
		sys(SYS_close, fd);
		fd = -1;
	}
	file.fd = fd_high(fd);
	return file.fd;
}

static int ensure(bool quiet)
{
	struct shared *shared = snapshot_shared();
	struct stat st;
	long fd;
	int err;

	if (file_descriptor() >= 0)
		return 0;
	/* by a child, some scans ago; or it was closed and deleted since */
	if (shared && shared->file_open) {
		set_path(shared->file_n);
		fd = open_path(&st);
		if (fd < 0)
			return fd;
		err = st.st_size ? 0 : write_head(fd);
		adopt(fd, &st);
		return err;
	}
	for (uint32_t n = 0; n < 1000; n++) {
		set_path(n);
		fd = open_path(&st);
		err = fd < 0 ? (int)fd : claim(fd, &st);
		if (!err) {
			adopt(fd, &st);
			if (shared) {
				shared->file_n = n;
				shared->file_open = 1;
			}
			return 0;
		}
		if (fd >= 0)
			sys(SYS_close, fd);
		if (err != -EEXIST)
			break;
	}
	if (!quiet)
		complain("cannot write the report", err);
	file.path[0] = 0;
	return err;
}

int file_ensure(void)
{
	return ensure(false);
}

int file_ensure_quietly(void)
{
	return ensure(true);
}

int file_line(const char *line, size_t size)
{
	int fd = file_descriptor(), err;

	if (fd < 0)
		return -EBADF;
	err = write_quietly(fd, line, size);
	if (err)
		complain("cannot write to the report", err);
	return err;
}

static void warn(const char *text, uint32_t asked, bool missing)
{
	char line[1024];
	struct text t = {line, sizeof line, 0};

	if (file.fd < 0)
		return;
	text_add(&t, "{\"t\":\"warning\",\"text\":");
	text_json(&t, text);
	if (asked) {
		text_add(&t, ",\"scan\":");
		text_number(&t, asked);
	}
	if (missing)
		text_add(&t, ",\"missing\":true");
	text_add(&t, "}\n");
	file_line(line, t.used);
}

void file_warning(const char *text)
{
	warn(text, 0, false);
}

void file_missing(const char *text)
{
	warn(text, 0, true);
}

void file_failure(const char *text, uint32_t asked, uint32_t *told)
{
	if (!*told || asked)
		warn(text, asked, false);
	*told = true;
}

void file_end(int status)
{
	char line[64];
	struct text t = {line, sizeof line, 0};

	if (file.fd < 0)
		return;
	text_add(&t, "{\"t\":\"end\",\"exit\":");
	text_number(&t, status);
	text_add(&t, "}\n");
	file_line(line, t.used);
}

/* The descriptor is the parent's report. */
void file_forked(void)
{
	if (file.fd >= 0 && file_descriptor() == file.fd)
		sys(SYS_close, file.fd);
	file.fd = -1;
	file.failed = false;
}
