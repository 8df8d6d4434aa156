/* Transfers of many megabytes, each by one call, whose other end dawdles
 * through a hundred scans: none comes back short, and no byte is lost. What
 * they print is as without Gordian. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include "gordian.h"
#include "victim.h"

#define SCANS 100
#define MUCH (64l << 20)
#define PIECE (64l << 10)

static char *source; /* what is sent */
static int file;     /* the same */
static atomic_bool hurry;

static int ok(int result)
{
	if (result < 0) {
		perror("storm-transfers");
		_exit(99);
	}
	return result;
}

/* To be written into: no scan reads it, which would take long. */
static char *room(size_t size)
{
	char *p =
		mmap(NULL, size, PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

/* What goes at a time: the whole takes about a hundred. */
static long portion(long size)
{
	return size / 100 < PIECE ? size / 100 + 1 : PIECE;
}

/* Ends of a channel: what is written to out is read from in. */
static void make_pipe(int *in, int *out)
{
	int ends[2];

	ok(pipe(ends));
	*in = ends[0];
	*out = ends[1];
}

static void make_unix(int *in, int *out)
{
	int ends[2];

	ok(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	*in = ends[0];
	*out = ends[1];
}

static void make_packets(int *in, int *out)
{
	int ends[2];

	ok(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	*in = ends[0];
	*out = ends[1];
}

static void make_tcp(int *in, int *out)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t length = sizeof(name);
	int fd = ok(socket(AF_INET, SOCK_STREAM, 0));

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok(bind(fd, (struct sockaddr *)&name, length));
	ok(listen(fd, 1));
	ok(getsockname(fd, (struct sockaddr *)&name, &length));
	*out = ok(socket(AF_INET, SOCK_STREAM, 0));
	ok(connect(*out, (struct sockaddr *)&name, length));
	*in = ok(accept(fd, NULL, NULL));
	close(fd);
}

/* With a timeout that is never over. */
static void make_timed(int *in, int *out)
{
	struct timeval t = {3600, 0};

	make_tcp(in, out);
	setsockopt(*in, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(*out, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

static void make_terminal(int *in, int *out)
{
	struct termios raw;
	char name[64];

	*in = ok(posix_openpt(O_RDWR | O_NOCTTY));
	ok(unlockpt(*in));
	ok(ptsname_r(*in, name, sizeof(name)));
	*out = ok(open(name, O_RDWR | O_NOCTTY));
	tcgetattr(*out, &raw);
	cfmakeraw(&raw);
	ok(tcsetattr(*out, TCSANOW, &raw));
}

/* Its reader is the terminal's side, which waits for 40 bytes. */
static void make_keyboard(int *in, int *out)
{
	struct termios raw;

	make_terminal(out, in);
	tcgetattr(*in, &raw);
	raw.c_cc[VMIN] = 40;
	ok(tcsetattr(*in, TCSANOW, &raw));
}

static void make_none(int *in, int *out)
{
	*in = *out = -1;
}

/* One call each. */
static long do_write(int fd, long size)
{
	return write(fd, source, size);
}

static long do_writev(int fd, long size)
{
	struct iovec v[] = {{source, 1},
			    {source + 1, 0},
			    {source + 1, size / 2},
			    {source + 1 + size / 2, size - size / 2 - 1}};

	return writev(fd, v, 4);
}

static long do_fwrite(int fd, long size)
{
	FILE *f = fdopen(dup(fd), "w");
	long r = fwrite(source, 1, size, f);

	return fclose(f) ? -1 : r;
}

static long do_send(int fd, long size)
{
	return send(fd, source, size, 0);
}

static long do_sendto(int fd, long size)
{
	return sendto(fd, source, size, MSG_NOSIGNAL, NULL, 0);
}

static long do_sendmsg(int fd, long size)
{
	struct iovec v[] = {{source, 5}, {source + 5, size - 5}};
	struct msghdr msg = {.msg_iov = v, .msg_iovlen = 2};

	return sendmsg(fd, &msg, 0);
}

static long do_sendmmsg(int fd, long size)
{
	struct iovec v[] = {{source, size / 2}, {source + size / 2, size / 2}};
	struct mmsghdr msg[] = {{{.msg_iov = v, .msg_iovlen = 1}, 0},
				{{.msg_iov = v + 1, .msg_iovlen = 1}, 0}};
	int r = sendmmsg(fd, msg, 2, 0);

	return r == 2 ? msg[0].msg_len + (long)msg[1].msg_len : r;
}

static long do_sendfile(int fd, long size)
{
	off_t at = 0;
	long r = sendfile(fd, file, &at, size);

	return r == at ? r : -2;
}

static long do_splice(int fd, long size)
{
	int ends[2];

	ok(pipe(ends));
	ok(fcntl(ends[1], F_SETPIPE_SZ, size));
	ok(write(ends[1], source, size));
	return splice(ends[0], NULL, fd, NULL, size, 0);
}

static long do_syscall_write(int fd, long size)
{
	return syscall(SYS_write, fd, source, size);
}

static long right(char *got, long r)
{
	if (r > 0)
		mprotect(got, r, PROT_READ);
	return r > 0 && memcmp(got, source, r) ? -2 : r;
}

static long do_recv(int fd, long size)
{
	char *p = room(size);

	return right(p, recv(fd, p, size, MSG_WAITALL));
}

static long do_recvfrom(int fd, long size)
{
	char *p = room(size);

	return right(p, recvfrom(fd, p, size, MSG_WAITALL, NULL, NULL));
}

static long do_recvmsg(int fd, long size)
{
	char *p = room(size);
	struct iovec v[] = {{p, 7}, {p + 7, size - 7}};
	struct msghdr msg = {.msg_iov = v, .msg_iovlen = 2};

	return right(p, recvmsg(fd, &msg, MSG_WAITALL));
}

/* A message for each portion that the other end sends. */
static long do_recvmmsg(int fd, long size)
{
	struct mmsghdr msg[100] = {0};
	struct iovec v[100];
	char *p = room(size);
	long i, r, most = portion(size), n = (size + most - 1) / most, got = 0;

	for (i = 0; i < n; i++) {
		v[i] = (struct iovec){p + i * most, most};
		msg[i].msg_hdr.msg_iov = &v[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	r = recvmmsg(fd, msg, n, 0, NULL);
	for (i = 0; i < r; i++)
		got += msg[i].msg_len;
	return r == n ? right(p, got) : r;
}

/* As much as the socket waits for. */
static long do_read_low(int fd, long size)
{
	char *p = room(size);
	int low = size;

	ok(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof(low)));
	return right(p, read(fd, p, size));
}

static long do_fread(int fd, long size)
{
	FILE *f = fdopen(dup(fd), "r");
	char *p = room(size);
	long r = fread(p, 1, size, f);

	fclose(f);
	return right(p, r);
}

static long do_read_key(int fd, long size)
{
	char *p = room(4096);

	return right(p, read(fd, p, size));
}

static int nap_a_little(void)
{
	nap_ms(10);
	return 0;
}

/* Until the scans are over: the device is in no hurry. */
static long device(const char *name, long size)
{
	int fd = ok(open(name, O_RDONLY));
	char *p = room(size);
	long r;

	do
		r = read(fd, p, size);
	while (r == size && !errno && !hurry && !nap_a_little());
	return r;
}

static long do_zero(int fd, long size)
{
	(void)fd;
	return device("/dev/zero", size);
}

static long do_urandom(int fd, long size)
{
	(void)fd;
	return device("/dev/urandom", size);
}

static long do_getrandom(int fd, long size)
{
	char *p = room(size);
	long r;

	(void)fd;
	do
		r = getrandom(p, size, 0);
	while (r == size && !hurry && !nap_a_little());
	return r;
}

enum way { SEND, RECEIVE, ALONE };

static const struct transfer {
	const char *name;
	void (*make)(int *in, int *out);
	long (*call)(int fd, long size);
	enum way way;
	long size;
} transfers[] = {
	{"write, pipe", make_pipe, do_write, SEND, MUCH},
	{"writev, pipe", make_pipe, do_writev, SEND, MUCH},
	{"fwrite, pipe", make_pipe, do_fwrite, SEND, MUCH},
	{"syscall write, pipe", make_pipe, do_syscall_write, SEND, MUCH},
	{"write, unix", make_unix, do_write, SEND, MUCH},
	{"send, unix", make_unix, do_send, SEND, MUCH},
	{"sendmsg, unix", make_unix, do_sendmsg, SEND, MUCH},
	{"sendfile, unix", make_unix, do_sendfile, SEND, MUCH},
	{"write, tcp", make_tcp, do_write, SEND, MUCH},
	{"writev, tcp", make_tcp, do_writev, SEND, MUCH},
	{"send, tcp", make_tcp, do_send, SEND, MUCH},
	{"sendto, tcp", make_tcp, do_sendto, SEND, MUCH},
	{"sendmsg, tcp", make_tcp, do_sendmsg, SEND, MUCH},
	{"sendmmsg, tcp", make_tcp, do_sendmmsg, SEND, MUCH},
	{"sendfile, tcp", make_tcp, do_sendfile, SEND, MUCH},
	{"send, timed", make_timed, do_send, SEND, MUCH},
	{"splice, unix", make_unix, do_splice, SEND, 1 << 20},
	{"write, terminal", make_terminal, do_write, SEND, 1 << 20},
	{"recv, unix", make_unix, do_recv, RECEIVE, MUCH},
	{"recv, tcp", make_tcp, do_recv, RECEIVE, MUCH},
	{"recv, timed", make_timed, do_recv, RECEIVE, MUCH},
	{"recvfrom, tcp", make_tcp, do_recvfrom, RECEIVE, MUCH},
	{"recvmsg, tcp", make_tcp, do_recvmsg, RECEIVE, MUCH},
	{"recvmmsg, packets", make_packets, do_recvmmsg, RECEIVE, 4000},
	{"read of so much, unix", make_unix, do_read_low, RECEIVE, 4000},
	{"read, terminal", make_keyboard, do_read_key, RECEIVE, 40},
	{"fread, pipe", make_pipe, do_fread, RECEIVE, MUCH},
	{"read, /dev/zero", make_none, do_zero, ALONE, MUCH},
	{"read, /dev/urandom", make_none, do_urandom, ALONE, 4 << 20},
	{"getrandom", make_none, do_getrandom, ALONE, 4 << 20},
};
#define N (sizeof(transfers) / sizeof(*transfers))

static struct {
	pthread_t caller, other;
	int in, out;
	long result, wrong;
	int error;
} runs[N];

static void *call(void *arg)
{
	long i = (long)arg;
	const struct transfer *t = &transfers[i];

	errno = 0;
	runs[i].result =
		t->call(t->way == SEND ? runs[i].out : runs[i].in, t->size);
	runs[i].error = errno;
	if (t->way == SEND)
		shutdown(runs[i].out, SHUT_WR);
	if (t->way == SEND && t->make != make_terminal)
		close(runs[i].out);
	return NULL;
}

/* Takes about as long as the scans. */
static void dawdle(long i)
{
	if (!hurry)
		nap_ms(transfers[i].size < MUCH ? 10 : 1);
}

static void *other(void *arg)
{
	long i = (long)arg, size = transfers[i].size, at = 0, n;
	char piece[PIECE];

	for (; at < size; at += n) {
		long most =
			size - at < portion(size) ? size - at : portion(size);

		n = transfers[i].way == SEND
			    ? read(runs[i].in, piece, most)
			    : write(runs[i].out, source + at, most);
		if (n <= 0)
			break;
		if (transfers[i].way == SEND && memcmp(piece, source + at, n))
			runs[i].wrong++;
		dawdle(i);
	}
	runs[i].wrong += at != size;
	return NULL;
}

static void begin(long i)
{
	transfers[i].make(&runs[i].in, &runs[i].out);
	if (pthread_create(&runs[i].caller, NULL, call, (void *)i))
		_exit(99);
	if (transfers[i].way != ALONE &&
	    pthread_create(&runs[i].other, NULL, other, (void *)i))
		_exit(99);
}

static void end(long i)
{
	pthread_join(runs[i].caller, NULL);
	if (transfers[i].way != ALONE)
		pthread_join(runs[i].other, NULL);
	say("%s: %ld %s, %s", transfers[i].name, runs[i].result,
	    strerrorname_np(runs[i].error), runs[i].wrong ? "WRONG" : "right");
}

int main(void)
{
	long i;

	signal(SIGPIPE, SIG_IGN);
	say("option --threshold=1000000");
	say("expect nothing");
	file = ok(memfd_create("source", 0));
	ok(ftruncate(file, MUCH));
	source = mmap(NULL, MUCH, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (source == MAP_FAILED)
		_exit(99);
	for (i = 0; i < MUCH / 8; i++)
		((uint64_t *)source)[i] = i * 0x9e3779b97f4a7c15;
	mprotect(source, MUCH, PROT_READ);
	for (i = 0; i < (long)N; i++)
		begin(i);
	TIMES(SCANS)
	{
		gordian_check();
		nap_ms(5);
	}
	hurry = true;
	for (i = 0; i < (long)N; i++)
		end(i);
	return 0;
}
