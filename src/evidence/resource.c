/*
 * See resource.h. Raw system calls only, and none that could wait or ask a file
 * system. The text of the link in /proc/self/fd is the kernel's own, while
 * fstat might hang on a network that is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/sys.h"
#include "base/text.h"
#include "evidence/resource.h"
#include "scan/fault.h"

#define NAME 512
#define TEXTS (256u << 10)
/* Meanwhile the child holds the program's descriptors open: the end of a pipe,
 * a lock, a port that the program gives back. A few descriptors take no time,
 * unless others run instead. */
#define NOTE_NS 3000000
#define ALWAYS 64
/* From here on Linux gives ports to sockets that connect. */
#define EPHEMERAL 32768

/* One descriptor. Its name ends with a 0. */
struct resource {
	int fd;
	uint32_t text;
};

static struct {
	struct resource *list;
	uint32_t n;
	char *texts;
	uint32_t used;
	uint64_t until; /* the time that there is */
	bool complete;	/* descriptors that are not listed were not open */
} known;

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* One end of a socket; size 0: there is none. */
struct end {
	union address at;
	uint32_t size;
};

static struct end end_of(int fd, long call)
{
	struct end end = {.size = sizeof end.at};

	if (sys_failed(sys_call6(call, fd, (long)&end.at, (long)&end.size, 0, 0,
				 0)))
		end.size = 0;
	if (end.size > sizeof end.at)
		end.size = sizeof end.at;
	return end;
}

static uint32_t option(int fd, int name)
{
	uint32_t value = 0, size = sizeof value;

	sys(SYS_getsockopt, fd, SOL_SOCKET, name, &value, &size);
	return value;
}

static uint32_t end_port(const struct end *end)
{
	uint16_t port = end->at.any.sa_family == AF_INET6
				? end->at.in6.sin6_port
				: end->at.in.sin_port;

	return (port & 0xff) << 8 | port >> 8;
}

static void add_ipv4(struct text *t, const uint8_t *bytes)
{
	int i;

	for (i = 0; i < 4; i++) {
		text_add(t, i ? "." : "");
		text_number(t, bytes[i]);
	}
}

static uint32_t group(const uint8_t *bytes, int i)
{
	return bytes[2 * i] << 8 | bytes[2 * i + 1];
}

/* The place of the longest run of two or more zero groups; 8: there is none. */
static int zeros_find(const uint8_t *bytes, int *length)
{
	int i, k, best = 8;

	for (*length = 1, i = 0; i < 8; i = k + 1) {
		for (k = i; k < 8 && !group(bytes, k); k++)
			;
		if (k - i > *length) {
			*length = k - i;
			best = i;
		}
	}
	return best;
}

static void add_ipv6(struct text *t, const uint8_t *bytes)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	int length, zeros = zeros_find(bytes, &length), i;

	text_add(t, "[");
	if (!memcmp(bytes, mapped, sizeof mapped)) {
		text_add(t, "::ffff:");
		add_ipv4(t, bytes + 12);
		text_add(t, "]");
		return;
	}
	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			text_add(t, "::");
			i += length - 1;
			continue;
		}
		text_add(t, i && i != zeros + length ? ":" : "");
		text_hex(t, group(bytes, i));
	}
	text_add(t, "]");
}

/* Adds a path, which may lack its 0, or "@name" for an abstract address. Adds
 * nothing for an end without a name. */
static void add_unix(struct text *t, const struct end *end)
{
	size_t from = offsetof(struct sockaddr_un, sun_path);
	char path[sizeof end->at.un.sun_path + 1] = "";
	size_t n = end->size > from ? end->size - from : 0, i;
	bool abstract = n && !end->at.un.sun_path[0];

	memcpy(path, end->at.un.sun_path, n);
	for (i = 0; abstract && i < n; i++)
		path[i] = path[i] ? path[i] : '@';
	text_add(t, path);
}

static bool is_named(const struct end *end)
{
	return end->size > sizeof(sa_family_t);
}

/* " 127.0.0.1:80" */
static void add_end(struct text *t, const struct end *end)
{
	int family = end->at.any.sa_family;

	text_add(t, is_named(end) ? " " : "");
	if (family == AF_UNIX) {
		add_unix(t, end);
		return;
	}
	if (family == AF_INET6)
		add_ipv6(t, (const uint8_t *)&end->at.in6.sin6_addr);
	else
		add_ipv4(t, (const uint8_t *)&end->at.in.sin_addr);
	text_add(t, ":");
	text_number(t, end_port(end));
}

/* Which side called: that is kept nowhere. But one side's port, or the path of
 * a unix socket, was chosen for others to find. */
static const char *direction(const struct end *local, const struct end *peer)
{
	bool from, to;

	if (local->at.any.sa_family == AF_UNIX) {
		from = !is_named(local);
		to = !is_named(peer);
	} else {
		from = end_port(local) >= EPHEMERAL;
		to = end_port(peer) >= EPHEMERAL;
	}
	if (from == to)
		return " \u2194";
	return from ? " \u2192" : " \u2190";
}

static const char *protocol(int fd, int family)
{
	if (family == AF_UNIX)
		return "socket unix";
	return option(fd, SO_TYPE) == SOCK_DGRAM ? "socket udp" : "socket";
}

/* False: no socket, or one of another family than internet and unix. */
static bool add_socket(struct text *t, int fd)
{
	struct end local = end_of(fd, SYS_getsockname), peer;
	int family = local.at.any.sa_family;

	if (!local.size ||
	    (family != AF_UNIX && family != AF_INET && family != AF_INET6))
		return false;
	text_add(t, option(fd, SO_ACCEPTCONN) ? "listening " : "");
	text_add(t, protocol(fd, family));
	add_end(t, &local);
	peer = end_of(fd, SYS_getpeername);
	if (is_named(&peer)) {
		text_add(t, direction(&local, &peer));
		add_end(t, &peer);
	}
	return true;
}

static void add_link(struct text *t, int fd)
{
	char link[40], target[NAME - 8];
	struct text at = {link, sizeof link, 0};
	long n;

	text_add(&at, "/proc/self/fd/");
	text_number(&at, fd);
	n = sys(SYS_readlink, link, target, sizeof target - 1);
	if (n <= 0)
		return;
	target[n] = 0;
	text_add(t, target);
	if (n == sizeof target - 1)
		text_add(t, "...");
}

static bool note(int fd)
{
	char *buffer = known.texts + known.used;
	struct text t = {buffer, NAME, 0};

	if (known.n == RESOURCES_MAX || known.used + NAME > TEXTS ||
	    (known.n >= ALWAYS && sys_now_ns() > known.until))
		return false;
	buffer[0] = 0;
	if (!add_socket(&t, fd))
		add_link(&t, fd);
	known.list[known.n++] = (struct resource){fd, known.used};
	known.used += t.used + 1;
	return true;
}

struct dirent64_raw {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* -1 for "." and "..". */
static int number_of(const char *name)
{
	int n = 0;

	if (*name < '0' || *name > '9')
		return -1;
	for (; *name; name++)
		n = 10 * n + *name - '0';
	return n;
}

/* Notes the entries of a directory. False: no more can be noted. */
static bool note_entries(const char *entries, long size, int directory)
{
	const struct dirent64_raw *entry;
	long at;

	for (at = 0; at < size; at += entry->size) {
		int fd;

		entry = (const void *)(entries + at);
		fd = number_of(entry->name);
		if (fd >= 0 && fd != directory && !note(fd))
			return false;
	}
	return true;
}

/* Without /proc, tries each number: sockets can still be told. */
static void note_tried(void)
{
	int fd;

	for (fd = 0; fd < RESOURCES_MAX; fd++)
		if (!sys_failed(sys(SYS_fcntl, fd, F_GETFD)) && !note(fd))
			return;
}

void resources_note(void)
{
	_Alignas(8) char entries[4096];
	long directory, n;

	known.list = arena_map(RESOURCES_MAX * sizeof *known.list);
	known.texts = arena_map(TEXTS);
	if (!known.list || !known.texts)
		return;
	known.until = sys_now_ns() + NOTE_NS;
	directory = sys(SYS_open, "/proc/self/fd",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sys_failed(directory)) {
		note_tried();
		return;
	}
	while ((n = sys(SYS_getdents64, directory, entries, sizeof entries)) >
	       0)
		if (!note_entries(entries, n, directory))
			break;
	known.complete = !n;
	sys(SYS_close, directory);
}

/* The descriptor's place in the list; known.n when it is not there. */
static uint32_t find(int fd)
{
	uint32_t i;

	for (i = 0; i < known.n && known.list[i].fd != fd; i++)
		;
	return i;
}

bool resource_is_open(int fd)
{
	return fd >= 0 && (!known.complete || find(fd) < known.n);
}

int resource_name(int fd, char *out, size_t room)
{
	struct text t = {out, room, 0};
	uint32_t i = find(fd);

	if (!resource_is_open(fd))
		return -EBADF;
	text_add(&t, "fd ");
	text_number(&t, fd);
	if (i < known.n && known.texts[known.list[i].text]) {
		text_add(&t, " ");
		text_add(&t, known.texts + known.list[i].text);
	}
	return t.used;
}

/* glibc's FILE, with its table of functions behind it, as on every machine with
 * 64-bit pointers. The C library's tables are together in less than a page,
 * which it checks itself. stdin's first one is among them. */
struct file_plus {
	FILE file;
	uintptr_t table;
};
_Static_assert(offsetof(struct file_plus, table) == 216, "glibc's FILE");

/* The upper half marks a FILE. 0x2000 marks one with a descriptor: in a memory
 * stream that field holds what was there before. */
#define MASK 0xffff2000u
#define MAGIC 0xfbad2000u
#define TABLES 4096

extern const struct file_plus standard_in __asm__("_IO_2_1_stdin_")
	__attribute__((weak));

int resource_of_file(const void *block, size_t size)
{
	struct file_plus f; /* a copy: the block may be of any type */

	if (!&standard_in || size < sizeof f)
		return -1;
	fault_copy(&f, (uintptr_t)block, sizeof f);
	if ((f.file._flags & MASK) != MAGIC ||
	    f.table - (standard_in.table - TABLES) > 2 * TABLES)
		return -1;
	return f.file._fileno < 0 ? -1 : f.file._fileno;
}
