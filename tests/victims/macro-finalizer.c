/* Finalizers that never run, and the descriptors that so stay open: a file, a
 * socket with its peer, and what a FILE keeps, without annotation. One that
 * was closed is none. */
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "macro.h"

static NOINLINE void finalizers(void)
{
	struct obj *a = obj_new("a"), *b = obj_new("b");

	a->first = b;
	b->second = a;
	GORDIAN_FINALIZER(a, a_close);
	GORDIAN_FINALIZER(b, b_close);
}

static NOINLINE int connection(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&at, size) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &size) ||
	    connect(fd, (struct sockaddr *)&at, size))
		_exit(77);
	return fd;
}

static NOINLINE void descriptors(void)
{
	struct obj *c = obj_new("c"), *d = obj_new("d");
	int closed = open("/dev/full", O_RDONLY);

	c->first = d;
	d->second = c;
	GORDIAN_RESOURCE(c, open("/dev/zero", O_RDONLY));
	GORDIAN_RESOURCE(d, dup(2));
	GORDIAN_RESOURCE(d, closed);
	close(closed);
}

static NOINLINE void sockets(void)
{
	struct obj *e = obj_new("e"), *f = obj_new("f");

	e->first = f;
	f->second = e;
	GORDIAN_RESOURCE(e, connection());
}

static NOINLINE void files(void)
{
	struct obj *g = obj_new("g"), *h = obj_new("h");
	FILE *file = fopen("/dev/null", "r");

	g->first = h;
	h->second = g;
	h->parent = (struct obj *)file;
	if (!file)
		_exit(77);
}

int main(void)
{
	away(sockets);
	say("expect cycle count=1 members=2 type=a,b finalizer=a_close,b_close "
	    "resources=");
	say("expect cycle count=1 members=2 type=c,d finalizer= "
	    "resources=/dev/zero,fd_");
	say("expect cycle count=1 members=2 type=e,f resources=127.0.0.1:");
	say("expect cycle count=1 members=2 type=g,h resources=/dev/null");
	say("warning none");
	away(finalizers);
	away(files);
	away(descriptors);
	return 0;
}
