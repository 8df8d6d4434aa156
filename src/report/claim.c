/*
 * See claim.h. Raw system calls only.
 *
 * In a directory where others may make files, the name can be a link to
 * something precious, a pipe that nobody reads, or a file that somebody else
 * keeps open. In a directory where only we (and root) may, whatever is there is
 * meant.
 *
 * Two processes of one run may come to the same name. So the file is locked
 * while its first line is read. Anybody who can read the file can lock it too,
 * so nobody waits long: the file is replaced then.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/utsname.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/large.h"
#include "base/out.h"
#include "base/sys.h"
#include "base/text.h"
#include "process/pid.h"
#include "report/claim.h"

#define HEAD 65536 /* bytes of the arguments */
/* A millisecond each: enough for a process that reads one line. */
#define TRIES 50
#define BEGIN "{\"t\":\"program\",\"format\":\"gordian-lines/"

const char *claim_error(long err)
{
	static const struct {
		int err;
		const char *why;
	} words[] = {
		{ENOSPC, "no space left on device"},
		{EEXIST, "there are 1,000 files of that name already"},
		{EFBIG, "file too large"},
		{EACCES, "permission denied"},
		{EROFS, "read-only file system"},
		{ENOENT, "no such directory"},
		{EISDIR, "it is a directory"},
		{ENOTDIR, "a part of the path is no directory"},
		{ENXIO, "nobody reads the pipe"},
		{EAGAIN, "the reader of the pipe does not read"},
		{ELOOP,
		 "it is a link, in a directory where others may make links"},
		{EPERM, "it belongs to another user"},
		{EMLINK, "it has a second name (a hard link)"},
		{EBADMSG, "it is no report and is not overwritten"},
	};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].err == -err)
			return words[i].why;
	return NULL;
}

static void add_argv(struct text *t)
{
	static char args[HEAD] LARGE;
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

/* The executable; without /proc, the name by which it was executed. */
static const char *executable(char *room, size_t size)
{
	long n = sys(SYS_readlink, "/proc/self/exe", room, size - 1);
	const char *name = (const char *)getauxval(AT_EXECFN);

	if (n <= 0)
		return name ? name : "";
	room[n] = 0;
	return room;
}

/* The name that the machine has for this process: a container may have one of
 * its own. */
static void add_host(struct text *t)
{
	struct utsname names;

	if (sys(SYS_uname, &names))
		return;
	text_add(t, ",\"host\":");
	text_json(t, names.nodename);
}

int claim_head(int fd, bool forked)
{
	size_t room = 8 * HEAD;
	char *line = arena_map(room);
	struct text t = {line, room, 0};
	char exe[CONFIG_PATH];
	int err;

	if (!line)
		return -ENOMEM;
	text_add(&t, BEGIN "1\",\"run\":");
	text_json(&t, config.run);
	text_add(&t, ",\"pid\":");
	text_number(&t, pid_own());
	add_host(&t);
	if (forked)
		text_add(&t, ",\"forked\":true");
	text_add(&t, ",\"argv\":[");
	add_argv(&t);
	text_add(&t, "],\"exe\":");
	text_json(&t, executable(exe, sizeof exe));
	text_add(&t, "}\n");
	err = out_line(fd, line, t.used);
	arena_unmap(line, room);
	return err;
}

/* Whether only we and root can have put anything there. */
static bool is_safe_place(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[CONFIG_PATH];
	size_t n = slash ? slash - path : 0;
	struct stat st;
	uint32_t user = sys(SYS_geteuid);

	if (!slash || n >= sizeof directory)
		return false;
	memcpy(directory, path, n);
	directory[n] = 0;
	if (sys(SYS_stat, n ? directory : "/", &st))
		return false;
	return (st.st_uid == 0 || st.st_uid == user) && !(st.st_mode & 022);
}

static int refuse(const struct stat *st)
{
	if (st->st_uid != (uint32_t)sys(SYS_geteuid))
		return -EPERM;
	if (S_ISREG(st->st_mode) && st->st_nlink > 1)
		return -EMLINK;
	return 0;
}

long claim_open(const char *path, struct stat *st)
{
	bool safe = is_safe_place(path);
	int flags = O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
		    (safe ? 0 : O_NOFOLLOW);
	long fd = sys(SYS_open, path, O_RDWR | O_CREAT | flags, 0600), there;
	int err;

	if (fd == -EACCES || fd == -EINVAL) { /* a pipe, a device */
		there = sys(SYS_open, path, O_WRONLY | flags, 0);
		fd = there == -ENOENT ? fd : there;
	}
	if (fd < 0)
		return fd;
	err = sys(SYS_fstat, fd, st);
	if (!err && !safe)
		err = refuse(st);
	if (!err)
		return fd;
	sys(SYS_close, fd);
	return err;
}

/* Whether the file begins like a report. One that was cut short is a report,
 * too. Other writers put spaces in. */
static bool is_report(const char *head)
{
	const char *begin = BEGIN;

	for (; *head && *begin; head++) {
		if (*head == ' ')
			continue;
		if (*head != *begin++)
			return false;
	}
	return true;
}

/* Looks how the file begins. -EEXIST: with this run's token; -EBADMSG: it is no
 * report. */
static int look(int fd)
{
	char head[512], token[sizeof config.run + 16];
	struct text t = {token, sizeof token, 0};
	long n = sys(SYS_pread64, fd, head, sizeof head - 1, 0);

	if (n <= 0)
		return n;
	head[n] = 0;
	if (!is_report(head))
		return -EBADMSG;
	text_add(&t, "\"run\":");
	text_json(&t, config.run);
	return strstr(head, token) ? -EEXIST : 0;
}

bool claim_is_of_this_run(int fd)
{
	return look(fd) == -EEXIST;
}

static bool lock(int fd)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (sys(SYS_flock, fd, LOCK_EX | LOCK_NB) != -EWOULDBLOCK)
			return true;
		sys_pause_us(1000);
	}
	return false;
}

/* Some process holds the lock for long: the name gets another file. */
static long replace(int fd, const char *path, struct stat *st)
{
	int err = look(fd);

	sys(SYS_close, fd);
	if (err)
		return err;
	sys(SYS_unlink, path);
	fd = sys(SYS_open, path,
		 O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOCTTY,
		 0600);
	if (fd < 0)
		return fd;
	sys(SYS_flock, fd, LOCK_EX | LOCK_NB);
	sys(SYS_fstat, fd, st);
	return fd;
}

/* Whether our file is still there. A process that could not wait for us has put
 * another one in its place. */
static bool is_there(const char *path, const struct stat *st)
{
	struct stat there;

	return !sys(SYS_stat, path, &there) && there.st_ino == st->st_ino &&
	       there.st_dev == st->st_dev;
}

long claim_take(const char *path, struct stat *st, bool forked)
{
	long fd = claim_open(path, st);
	int err;

	if (fd < 0)
		return fd;
	if (!S_ISREG(st->st_mode)) {
		err = claim_head(fd, forked);
	} else {
		err = look(fd);
		if (!err && !lock(fd) && (fd = replace(fd, path, st)) < 0)
			return fd;
		err = err ? err : look(fd);
		if (!err)
			err = sys(SYS_ftruncate, fd, 0);
		if (!err)
			err = claim_head(fd, forked);
		if (!err && !is_there(path, st))
			err = -EEXIST;
		sys(SYS_flock, fd, LOCK_UN);
	}
	if (!err)
		return fd;
	sys(SYS_close, fd);
	return err;
}

long claim_memory(struct stat *st, bool forked)
{
	long fd = sys(SYS_memfd_create, "gordian-report", 1 /* CLOEXEC */);
	long err = fd < 0 ? fd : sys(SYS_fcntl, fd, F_SETFL, O_APPEND);

	err = err ? err : sys(SYS_fstat, fd, st);
	err = err ? err : claim_head(fd, forked);
	if (!err)
		return fd;
	if (fd >= 0)
		sys(SYS_close, fd);
	return err;
}
