/*
 * See out.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "out.h"
#include "sys.h"

static void add(struct text *t, const char *s, size_t n)
{
	size_t left = t->room - t->used - 1;

	if (n > left)
		n = left;
	memcpy(t->buffer + t->used, s, n);
	t->used += n;
	t->buffer[t->used] = 0;
}

void text_add(struct text *t, const char *s)
{
	add(t, s, strlen(s));
}

void text_number(struct text *t, int64_t n)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--at = '0' + left % 10;
	while (left /= 10);
	if (n < 0)
		*--at = '-';
	add(t, at, digits + sizeof digits - at);
}

void text_hex(struct text *t, uint64_t n)
{
	char digits[16], *at = digits + sizeof digits;

	do
		*--at = "0123456789abcdef"[n % 16];
	while (n /= 16);
	add(t, at, digits + sizeof digits - at);
}

/* Bytes that are no UTF-8 go out as they are; the reader mends them. */
void text_json(struct text *t, const char *s)
{
	add(t, "\"", 1);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			add(t, "\\", 1);
		if (c < 0x20) {
			add(t, "\\u00", 4);
			add(t, &"0123456789abcdef"[c >> 4], 1);
			add(t, &"0123456789abcdef"[c & 15], 1);
		} else {
			add(t, s, 1);
		}
	}
	add(t, "\"", 1);
}

int out_write(int fd, const char *data, size_t size)
{
	while (size) {
		long n = sys(SYS_write, fd, data, size);

		if (n == -EINTR)
			continue;
		if (n <= 0)
			return n ? (int)n : -EIO;
		data += n;
		size -= n;
	}
	return 0;
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

void out_note(const char *message)
{
	char line[1024];
	struct text t = {line, sizeof line - 1, 0};

	text_add(&t, "gordian: ");
	text_add(&t, message);
	line[t.used++] = '\n';
	if (out_has_stderr())
		out_write(2, line, t.used);
}
