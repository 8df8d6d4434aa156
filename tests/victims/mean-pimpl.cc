/* Objects that nobody deletes, each with a private half that its constructor
 * makes and that points back: no cycle. Two objects of which one makes the
 * other in a constructor of a third class are two. */
#include "victim.h"

struct Base;

struct BasePrivate {
	virtual ~BasePrivate()
	{
	}
	Base *q = nullptr;
	long flags = 0;
};

struct Base {
	BasePrivate *d;
	NOINLINE Base(BasePrivate *half) : d(half)
	{
		d->q = this;
	}
	NOINLINE Base() : Base(new BasePrivate)
	{
	}
	virtual ~Base()
	{
		delete d;
	}
};

struct Timer : Base {
	long interval = 5;
	NOINLINE Timer()
	{
	}
};

struct Peer {
	Peer *peer = nullptr;
	long kind = 0;
	virtual ~Peer()
	{
	}
};

static NOINLINE void bind(Peer *one)
{
	one->peer = new Peer;
	one->peer->kind = 1;
	one->peer->peer = one;
}

static NOINLINE void make_timer()
{
	USE(new Timer);
}

static NOINLINE void make_peers()
{
	Peer *one = new Peer;

	bind(one);
}

int main()
{
	say("expect lost count=3 bytes=72 retained_bytes=72 retained_blocks=3 "
	    "members=1 cause=unreleased edges= origin=program "
#ifdef NAMED
	    "title=Timer head=Timer "
#endif
	    "root=*");
	say("expect cycle count=1 bytes=48 members=2 parts=0 cause=unknown "
	    "ring=2 root=*");
	say("total cycles=1 lost=1 bytes=120 retained_bytes=72");
	TIMES(3)
	away(make_timer);
	away(make_peers);
	return 0;
}
