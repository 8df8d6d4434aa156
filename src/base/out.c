/*
 * See out.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include "base/out.h"
#include "base/sys.h"
#include "base/text.h"

#define PATIENCE_MS 200 /* in all, of one process */

static bool may_go_on(int fd)
{
	static int left = PATIENCE_MS;
	struct pollfd poll = {.fd = fd, .events = POLLOUT};
	uint64_t began = sys_now_ns(), mask = UINT64_MAX;
	int64_t most[2] = {0, left * 1000000ll};
	long n;

	if (left <= 0)
		return false;
	n = sys(SYS_ppoll, &poll, 1, most, &mask, 8);
	left -= 1 + (sys_now_ns() - began) / 1000000;
	return n > 0;
}

static int write_all(int fd, const char *line, size_t size)
{
	while (size) {
		long n = sys(SYS_write, fd, line, size);

		if (n == -EINTR || (n == -EAGAIN && may_go_on(fd)))
			continue;
		if (n <= 0)
			return n ? (int)n : -EIO;
		line += n;
		size -= n;
	}
	return 0;
}

int out_line(int fd, const char *line, size_t size)
{
	uint64_t own = 1ull << (SIGXFSZ - 1) | 1ull << (SIGPIPE - 1), old;
	int64_t none[2] = {0, 0};
	int err;

	sys(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &own, &old, 8);
	err = write_all(fd, line, size);
	if (err == -EFBIG || err == -EPIPE) {
		own = 1ull << ((err == -EFBIG ? SIGXFSZ : SIGPIPE) - 1);
		sys(SYS_rt_sigtimedwait, &own, 0, none, 8);
	}
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &old, 0, 8);
	return err;
}

static struct {
	dev_t dev;
	ino_t ino;
} standard_error;

void out_init(void)
{
	struct stat st;

	if (sys(SYS_fstat, 2, &st))
		return;
	standard_error.dev = st.st_dev;
	standard_error.ino = st.st_ino;
}

bool out_has_stderr(void)
{
	struct stat st;

	return !sys(SYS_fstat, 2, &st) && st.st_dev == standard_error.dev &&
	       st.st_ino == standard_error.ino;
}

/* The length of the UTF-8 character at p; 0 where there is none. */
static size_t character(const unsigned char *p)
{
	size_t length = p[0] < 0x80		      ? 1
			: p[0] >= 0xc2 && p[0] < 0xe0 ? 2
			: p[0] >= 0xe0 && p[0] < 0xf0 ? 3
			: p[0] >= 0xf0 && p[0] < 0xf5 ? 4
						      : 0;
	size_t i;

	for (i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
		return 0; /* an overlong form, or no character */
	return length;
}

/* Control characters and marks of direction, which a file name may have. */
static bool is_control(const unsigned char *p, size_t length)
{
	if (length == 1)
		return (p[0] < 0x20 && p[0] != '\n') || p[0] == 0x7f;
	if (length == 2)
		return (p[0] == 0xc2 && p[1] < 0xa0) ||
		       (p[0] == 0xd8 && p[1] == 0x9c);
	return p[0] == 0xe2 &&
	       ((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
				  (p[2] >= 0xa8 && p[2] <= 0xae))) ||
		(p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

void out_show(char *message, size_t size)
{
	unsigned char *p = (unsigned char *)message, *end = p + size;
	size_t length;

	for (; p < end; p += length) {
		length = character(p);
		if (length && (p + length > end || !is_control(p, length)))
			continue;
		length = length ? length : 1;
		memset(p, '?', length);
	}
	if (size)
		(void)!out_line(2, message, size);
}

void out_note(const char *message)
{
	char line[1024], *newline;
	struct text t = {line, sizeof line - 1, 0};

	text_add(&t, "gordian: ");
	text_add(&t, message);
	while ((newline = memchr(line, '\n', t.used)))
		*newline = '?';
	line[t.used++] = '\n';
	if (out_has_stderr())
		out_show(line, t.used);
}
