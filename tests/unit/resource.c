/* What descriptors are called, and which a FILE holds. Each look is taken in
 * a child, as in the library, which then closes them all. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>
#include <cmocka.h>
#include "base/sys.h"

/* The clock of what is tested: it stands, or goes on by so much a look. */
static uint64_t clock_ns, clock_step;

static uint64_t look_at_clock(void)
{
	return clock_ns += clock_step;
}
#define sys_now_ns look_at_clock

/* Also for its own functions: not every machine has IPv6. */
#include "evidence/resource.c"

/* fd's name as the child has it; "-9" and the like where there is none. */
static const char *name_in(int fd, size_t room)
{
	static char *name;
	int status;
	pid_t pid;

	if (!name)
		name = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(name, 0, 4096);
	pid = fork();
	if (!pid) {
		int n;

		resources_note();
		close_range(0, ~0u, 0);
		n = resource_name(fd, name, room);
		if (n < 0)
			sprintf(name, "%d", n);
		else if ((size_t)n != strlen(name))
			strcpy(name, "the length is wrong");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return name;
}

#define assert_name(fd, ...)                                          \
	do {                                                          \
		char wanted[512];                                     \
		int d = fd, m;                                        \
                                                                      \
		m = snprintf(wanted, sizeof wanted, "fd %d ", d);     \
		snprintf(wanted + m, sizeof wanted - m, __VA_ARGS__); \
		assert_string_equal(name_in(d, 4096), wanted);        \
	} while (0)

static void files_have_paths(void **state)
{
	char path[] = "/tmp/unit-resource-XXXXXX", deep[5000];
	int fd = mkstemp(path), ends[2], memory, i;

	(void)state;
	assert_name(fd, "%s", path);
	assert_int_equal(strlen(name_in(fd, 10)), 9);
	unlink(path);
	assert_name(fd, "%s (deleted)", path);
	assert_int_equal(pipe(ends), 0);
	assert_non_null(strstr(name_in(ends[1], 4096), " pipe:["));
	memory = memfd_create("x\ny", 0);
	assert_name(memory, "/memfd:x\ny (deleted)");
	close(fd);
	close(ends[0]);
	close(ends[1]);
	close(memory);
	assert_string_equal(name_in(memory, 4096), "-9");
	assert_string_equal(name_in(-1, 4096), "-9");
	fd = dup(0); /* where the child's own directory will be */
	close(fd);
	assert_string_equal(name_in(fd, 4096), "-9");
	/* Longer than there is room for. */
	strcpy(deep, "/tmp");
	for (i = 0; i < 4; i++) {
		memset(deep + strlen(deep), 0, 202);
		deep[strlen(deep)] = '/';
		memset(deep + strlen(deep), 'd', 200);
		mkdir(deep, 0700);
	}
	fd = open(deep, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_memory_equal(strchr(name_in(fd, 4096), '/'), deep, 500);
	assert_string_equal(name_in(fd, 4096) + strlen(name_in(fd, 4096)) - 3,
			    "...");
	close(fd);
	for (i = 0; i < 4; i++) {
		rmdir(deep);
		*strrchr(deep, '/') = 0;
	}
}

static int bound(int family, const char *address, int port, int type)
{
	int fd = socket(family, type, 0), on = 1;
	struct sockaddr_in in = {.sin_family = family, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {.sin6_family = family,
				   .sin6_port = htons(port)};

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	inet_pton(family, address,
		  family == AF_INET ? (void *)&in.sin_addr
				    : (void *)&in6.sin6_addr);
	if (bind(fd, family == AF_INET ? (void *)&in : (void *)&in6,
		 family == AF_INET ? sizeof in : sizeof in6)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* At the next port that nobody has. */
static int bound_from(int family, const char *address, int *port)
{
	int fd = -1, try;

	for (try = 0; fd < 0 && try < 1000; try++)
		fd = bound(family, address, *port + try, SOCK_STREAM);
	*port += try - 1;
	return fd;
}

static int listening(int family, const char *address, int *port)
{
	int fd = bound_from(family, address, port);

	if (fd >= 0)
		assert_int_equal(listen(fd, 5), 0);
	return fd;
}

/* From a port as Linux gives them, unless it was told others. */
static int connected(int to, int *port)
{
	struct sockaddr_storage at;
	socklen_t size = sizeof at;
	int fd;

	*port = 45000;
	fd = bound_from(AF_INET, "127.0.0.1", port);
	getsockname(to, (void *)&at, &size);
	assert_int_equal(connect(fd, (void *)&at, size), 0);
	size = sizeof at;
	getsockname(fd, (void *)&at, &size);
	*port = ntohs(((struct sockaddr_in *)&at)->sin_port);
	return fd;
}

static void sockets_have_two_ends(void **state)
{
	int port = 21000, theirs, s = listening(AF_INET, "127.0.0.1", &port);
	int from = connected(s, &theirs), to = accept(s, NULL, NULL);
	int udp = bound(AF_INET, "127.0.0.1", 0, SOCK_DGRAM);

	(void)state;
	assert_true(s >= 0);
	assert_name(s, "listening socket 127.0.0.1:%d", port);
	assert_name(from, "socket 127.0.0.1:%d \u2192 127.0.0.1:%d", theirs,
		    port);
	assert_name(to, "socket 127.0.0.1:%d \u2190 127.0.0.1:%d", port,
		    theirs);
	assert_memory_equal(strchr(name_in(udp, 4096), 's'),
			    "socket udp 127.0.0.1:", 21);
	close(from);
	close(to);
	close(s);
	close(udp);
	port = 41000;
	s = listening(AF_INET, "127.0.0.1", &port);
	from = connected(s, &theirs);
	assert_name(from, "socket 127.0.0.1:%d \u2194 127.0.0.1:%d", theirs,
		    port);
	close(from);
	close(s);
	s = socket(AF_INET, SOCK_STREAM, 0);
	assert_name(s, "socket 0.0.0.0:0");
	close(s);
}

static void ipv6_is_short(void **state)
{
	static const char *const addresses[] = {"::1",
						"::", "::ffff:127.0.0.1"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		int port = 21500;
		int s = listening(AF_INET6, addresses[i], &port);

		if (s < 0)
			continue; /* a machine without */
		assert_name(s, "listening socket [%s]:%d", addresses[i], port);
		close(s);
	}
}

static void ipv6_as_inet_ntop(void **state)
{
	static const char *const addresses[] = {
		"1:2:3:4:5:6:7:8", "1:0:3:4:5:6:7:8", "2001:db8::1",
		"1::2:0:0:3:4",	   "1:0:0:2::3",      "::",
		"fe80::",	   "1:2:3:4:5:6:7:0", "::ffff:1.2.3.255",
		"1:2:3:4:5:6::",   "1:0:2:0:3:0:4:0", "::1"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		char name[64], wanted[80];
		struct text t = {name, sizeof name, 0};
		struct in6_addr bytes;

		assert_int_equal(inet_pton(AF_INET6, addresses[i], &bytes), 1);
		inet_ntop(AF_INET6, &bytes, name, sizeof name);
		snprintf(wanted, sizeof wanted, "[%s]", name);
		add_ipv6(&t, (const uint8_t *)&bytes);
		assert_string_equal(name, wanted);
	}
}

static int unix_at(const char *path, size_t n,
		   int (*call)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(at.sun_path, path, n);
	assert_int_equal(call(fd, (void *)&at,
			      offsetof(struct sockaddr_un, sun_path) + n),
			 0);
	return fd;
}

static int bind_(int fd, const struct sockaddr *at, socklen_t n)
{
	return bind(fd, at, n) || listen(fd, 5);
}

static int connect_(int fd, const struct sockaddr *at, socklen_t n)
{
	return connect(fd, at, n);
}

static void unix_sockets_have_paths(void **state)
{
	char path[109] = "/tmp/unit-resource-socket-XXXXXX";
	int s, from, to, pair[2], n;

	(void)state;
	close(mkstemp(path));
	unlink(path);
	/* As long as they get: no 0 at the end. */
	for (n = strlen(path); n < 108; n++)
		path[n] = 'x';
	s = unix_at(path, 108, bind_);
	from = unix_at(path, 108, connect_);
	to = accept(s, NULL, NULL);
	assert_name(s, "listening socket unix %s", path);
	assert_name(from, "socket unix \u2192 %s", path);
	assert_name(to, "socket unix %s", path);
	unlink(path);
	close(s);
	close(from);
	close(to);
	s = unix_at("\0unit\0resource", 14, bind_);
	assert_name(s, "listening socket unix @unit@resource");
	close(s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_name(pair[0], "socket unix");
	close(pair[0]);
	close(pair[1]);
	s = socket(AF_NETLINK, SOCK_RAW, 0);
	if (s >= 0)
		assert_non_null(strstr(name_in(s, 4096), " socket:["));
	close(s);
}

/* So many descriptors of one file; 0: not so many may be open. */
static int open_many(int *fd, int n)
{
	struct rlimit limit;
	int i;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < n && (fd[i] = dup(2)) >= 0; i++)
		;
	if (i == n)
		return n;
	while (i--)
		close(fd[i]);
	return 0;
}

static bool is_named_in(int fd)
{
	return strchr(name_in(fd, 4096) + 3, ' ') != NULL;
}

/* Beyond the limit only the number is known; nothing is called closed. */
static void many_descriptors(void **state)
{
	int fd[RESOURCES_MAX + 1], n = open_many(fd, RESOURCES_MAX + 1);
	char last[16];

	(void)state;
	if (!n)
		skip();
	snprintf(last, sizeof last, "fd %d", fd[n - 1]);
	assert_string_equal(name_in(fd[n - 1], 4096), last);
	assert_true(is_named_in(fd[500]));
	while (n--)
		close(fd[n]);
}

/* The same for those that there is no time for: of the few that most programs
 * have all are named, whatever the time. */
static void no_time_for_all(void **state)
{
	int fd[500], n = open_many(fd, 500), i;

	(void)state;
	if (!n)
		skip();
	clock_step = NOTE_NS / 200;
	for (i = 0; i < n && is_named_in(fd[i]); i++)
		;
	/* Some were there before. */
	assert_in_range(i, ALWAYS + 180, ALWAYS + 200);
	assert_string_not_equal(name_in(fd[i], 4096), "-9");
	assert_false(is_named_in(fd[n - 1]));
	clock_step = 2 * NOTE_NS;
	assert_true(is_named_in(fd[ALWAYS / 2]));
	assert_false(is_named_in(fd[ALWAYS]));
	clock_step = 0;
	while (n--)
		close(fd[n]);
}

static void files_are_known(void **state)
{
	FILE *plain = fopen("/dev/null", "r"), *wide = fopen("/dev/null", "w");
	FILE *process = popen("exit 0", "r"), *memory;
	char *text;
	size_t n;

	(void)state;
	assert_int_equal(resource_of_file(plain, 472), fileno(plain));
	assert_int_equal(resource_of_file(plain, 224), fileno(plain));
	assert_int_equal(resource_of_file(plain, 223), -1);
	assert_int_equal(resource_of_file((char *)plain + 8, 464), -1);
	assert_int_equal(fwide(wide, 1) > 0, 1);
	fputwc(L'x', wide);
	assert_int_equal(resource_of_file(wide, 472), fileno(wide));
	assert_int_equal(resource_of_file(process, 480), fileno(process));
	assert_int_equal(resource_of_file(stdin, 224), 0);
	memory = open_memstream(&text, &n);
	memory->_fileno = 5;
	assert_int_equal(resource_of_file(memory, 472), -1);
	fclose(memory);
	free(text);
	fclose(wide);
	pclose(process);
	fclose(plain);
}

static void others_are_no_files(void **state)
{
	FILE *file = fopen("/dev/null", "r");
	uintptr_t copy[64] = {0};

	(void)state;
	assert_int_equal(resource_of_file(copy, sizeof copy), -1);
	memcpy(copy, file, 224);
	assert_int_equal(resource_of_file(copy, sizeof copy), fileno(file));
	copy[27] += 1 << 20;
	assert_int_equal(resource_of_file(copy, sizeof copy), -1);
	memcpy(copy, file, 224);
	copy[27] -= 1 << 20;
	assert_int_equal(resource_of_file(copy, sizeof copy), -1);
	memcpy(copy, file, 224);
	copy[0] ^= 1 << 20;
	assert_int_equal(resource_of_file(copy, sizeof copy), -1);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_have_paths),
		cmocka_unit_test(sockets_have_two_ends),
		cmocka_unit_test(ipv6_is_short),
		cmocka_unit_test(ipv6_as_inet_ntop),
		cmocka_unit_test(unix_sockets_have_paths),
		cmocka_unit_test(many_descriptors),
		cmocka_unit_test(no_time_for_all),
		cmocka_unit_test(files_are_known),
		cmocka_unit_test(others_are_no_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
