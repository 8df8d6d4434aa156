/*
 * See file.h. The constructor opens the report, before the program runs.
 * Written to by the thread that ends the program or finds something to warn of,
 * and by the snapshot child. Raw system calls only.
 *
 * A line that was cut short (a full disk) stays a line of its own: the next one
 * begins with a newline.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "base/config.h"
#include "base/fd.h"
#include "base/large.h"
#include "base/out.h"
#include "base/request.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "base/text.h"
#include "process/pid.h"
#include "report/claim.h"
#include "report/file.h"

static char file_room[CONFIG_PATH] LARGE, no_path[1];
static char *room = file_room; /* for the report's path */
static struct {
	char *path;
	char program[256];
	int fd;
	dev_t dev;
	ino_t ino;
	long mapped; /* its address, or an error */
	bool failed; /* the failure was said */
	bool forked;
} file = {.path = no_path, .fd = -1};

static struct file_shared own, *shared = &own;

/* A forked child's report is not its parent's. */
void file_share(struct file_shared *with)
{
	if (with)
		*with = *shared;
	own = (struct file_shared){0};
	shared = with ? with : &own;
}

/* Complains once, in a process that has descriptor 2: a scan's child may have
 * closed it. */
static void complain(const char *what, long err)
{
	char line[CONFIG_PATH + 200];
	struct text t = {line, sizeof line, 0};
	const char *why = claim_error(err);

	if (file.failed || shared->failed || sandbox_is_closed() ||
	    !out_has_stderr())
		return;
	file.failed = true;
	shared->failed = 1;
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

/* Needed when the program's name is a part of the report's. */
void file_init(void)
{
	char exe[CONFIG_PATH];
	const char *name;
	struct text t = {file.program, sizeof file.program, 0};
	long n;

	if (!strstr(config.report, "%n"))
		return;
	n = sys(SYS_readlink, "/proc/self/exe", exe, sizeof exe - 1);
	exe[n > 0 ? n : 0] = 0;
	name = strrchr(exe, '/');
	text_add(&t, name ? name + 1 : "program");
}

const char *file_path(void)
{
	return file.path;
}

static void set_path(uint32_t n)
{
	struct text t = {file.path = room, CONFIG_PATH, 0};

	config_report_path(file.path, pid_own(), file.program);
	t.used = strlen(file.path);
	if (n) {
		text_add(&t, ".");
		text_number(&t, pid_own());
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
	if (S_ISREG(st->st_mode)) /* so that it is seen in /proc/PID/maps */
		file.mapped =
			sys(SYS_mmap, 0, 1, PROT_READ, MAP_SHARED, file.fd, 0);
	if (before &&
	    !sys_failed(before)) /* last, so that one mapping is always there */
		sys(SYS_munmap, before, 1);
}

/* Opens the report by its name, if that is still the same file. */
static int open_again(const char *path, dev_t dev, ino_t ino)
{
	struct stat st;
	long fd = sys(SYS_open, path,
		      O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);

	if (fd == -EACCES)
		fd = sys(SYS_open, path,
			 O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY |
				 O_NONBLOCK,
			 0);
	if (fd >= 0 &&
	    (sys(SYS_fstat, fd, &st) || st.st_dev != dev || st.st_ino != ino)) {
		sys(SYS_close, fd);
		return -1;
	}
	return fd;
}

static bool is_file(int fd, dev_t dev, ino_t ino)
{
	struct stat st;

	return fd >= 0 && !sys(SYS_fstat, fd, &st) && st.st_dev == dev &&
	       st.st_ino == ino;
}

int file_descriptor(void)
{
	if (file.fd < 0 || is_file(file.fd, file.dev, file.ino))
		return file.fd;
	/* the program closed it and may use the number: open it by name */
	file.fd = fd_high(open_again(file.path, file.dev, file.ino));
	return file.fd;
}

/* Opens the report that a child made some scans ago. It may have been closed
 * and deleted since. */
static int open_shared(void)
{
	struct stat st;
	long fd;
	int err;

	set_path(shared->n);
	fd = claim_open(file.path, &st);
	if (fd < 0)
		return fd;
	err = st.st_size ? 0 : claim_head(fd, file.forked);
	adopt(fd, &st);
	return err;
}

/* No such name can be made. */
static char nowhere[] = "/proc/self/fd/none";

static long open_new(struct stat *st)
{
	long fd = -EEXIST;
	uint32_t n;

	if (config.nowhere) {
		file.path = nowhere;
		return claim_memory(st, file.forked);
	}
	for (n = 0; n < 1000 && fd == -EEXIST; n++) {
		set_path(n);
		fd = claim_take(file.path, st, file.forked);
	}
	if (fd < 0)
		return fd;
	shared->n = n - 1;
	shared->open = 1;
	return fd;
}

static int ensure(bool quiet)
{
	struct stat st;
	long fd;

	if (file_descriptor() >= 0)
		return 0;
	if (shared->open)
		return open_shared();
	fd = open_new(&st);
	if (fd < 0) {
		if (!quiet)
			complain("cannot write the report", fd);
		file.path = no_path;
		shared->error = (uint32_t)-fd;
		return fd;
	}
	adopt(fd, &st);
	return 0;
}

bool file_is_nowhere(void)
{
	return file.path == nowhere;
}

int file_ensure(void)
{
	return ensure(false) ? -EBADF : 0;
}

int file_ensure_quietly(void)
{
	return ensure(true);
}

/* After a line that was cut short, begins a new one. */
static int write_line(int fd, const char *line, size_t size)
{
	struct stat st;
	char last;

	if (!sys(SYS_fstat, fd, &st) && S_ISREG(st.st_mode) && st.st_size &&
	    sys(SYS_pread64, fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
		out_line(fd, "\n", 1);
	return out_line(fd, line, size);
}

int file_line(const char *line, size_t size)
{
	int fd = file_descriptor(), err;

	if (fd < 0)
		return -EBADF;
	if (shared->stuck)
		return -EAGAIN;
	err = write_line(fd, line, size);
	if (!err)
		return 0;
	shared->stuck |= err == -EAGAIN;
	shared->error = (uint32_t)-err;
	complain("cannot write to the report", err);
	return err;
}

/* The home: the report of the process from which this one comes by fork, or the
 * report itself. A child that shares memory with its parent may note nothing
 * here. */
static char home_room[CONFIG_PATH] LARGE;
static struct {
	char *path;
	int fd; /* -1: none yet, or the report itself */
	dev_t dev;
	ino_t ino;
} home = {.path = no_path, .fd = -1};

void file_home_line(const char *line, size_t size)
{
	const char *path = home.path[0] ? home.path : file.path;
	int fd = home.path[0] ? home.fd : file.fd, own;
	dev_t dev = home.path[0] ? home.dev : file.dev;
	ino_t ino = home.path[0] ? home.ino : file.ino;

	own = is_file(fd, dev, ino) ? fd : open_again(path, dev, ino);
	if (own < 0)
		return;
	(void)!write_line(own, line, size);
	if (own != fd)
		sys(SYS_close, own);
}

/* A process without a report has its home mapped. */
void file_unanswered(void)
{
	static uint32_t times;
	long before = file.mapped, now;
	int fd = file_descriptor();

	if (fd < 0 && is_file(home.fd, home.dev, home.ino))
		fd = home.fd;
	else if (!before) /* no regular file */
		return;
	if (fd < 0 || !shared->error || sandbox_is_closed())
		return;
	now = sys(SYS_mmap, 0, 1, PROT_READ, MAP_SHARED, fd,
		  UNANSWERED(++times, shared->error) * 4096);
	if (sys_failed(now))
		return;
	file.mapped = now;
	if (before && !sys_failed(before))
		sys(SYS_munmap, before, 1);
}

bool file_is_kept(void)
{
	return !file.forked &&
	       (config.keep || config.main_pid == (uint64_t)pid_own());
}

bool file_is_there(void)
{
	return file.fd >= 0 || shared->open;
}

/* Opens PROGRAM's report, to which a process that leaves none appends what is
 * to be known of it. Opened while the program may. */
static bool open_home(void)
{
	struct stat st;
	long fd;

	home.path = config_rest();
	if (!home.path)
		home.path = home_room;
	config_report_path(home.path, config.main_pid, file.program);
	fd = sys(SYS_open, home.path,
		 O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
	if (fd >= 0 && !sys(SYS_fstat, fd, &st) && S_ISREG(st.st_mode) &&
	    claim_is_of_this_run(fd)) {
		home.fd = fd_high(fd);
		home.dev = st.st_dev;
		home.ino = st.st_ino;
		return true;
	}
	if (fd >= 0)
		sys(SYS_close, fd);
	home.path = no_path;
	return false;
}

void file_begin(void)
{
	if (!file_is_kept() && !(config.main_pid && open_home()))
		config.keep = true;
	if (file_is_kept())
		file_ensure();
}

void file_leave(void)
{
	if (file.fd >= 0)
		sys(SYS_close, file.fd);
	if (home.fd >= 0)
		sys(SYS_close, home.fd);
	if (file.mapped && !sys_failed(file.mapped))
		sys(SYS_munmap, file.mapped, 1);
	file.fd = home.fd = -1;
	file.mapped = 0;
}

bool file_is_forks(void)
{
	return file.forked;
}

/* In a forked child the descriptor is the parent's report: the home of its
 * children. */
void file_forked(void)
{
	if (!home.path[0] && file.fd >= 0 && file_descriptor() >= 0) {
		home.path = file.path; /* it keeps its room for good */
		room = home_room;
		home.fd = file.fd;
		home.dev = file.dev;
		home.ino = file.ino;
	} else if (file.fd >= 0 && file_descriptor() == file.fd) {
		sys(SYS_close, file.fd);
	}
	file.fd = -1;
	file.path = no_path;
	file.failed = false;
	own = (struct file_shared){0};
	file.forked = true;
}
