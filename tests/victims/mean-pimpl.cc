/* Objects that nobody deletes, each with a private half that its constructor
 * makes and that points back: no cycle, also where parts of the half lead back
 * to it. Two objects of which one makes the other in a constructor of a third
 * class are two. */
#include <map>
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

/* A half of its own, as derived classes have. */
struct MenuData : BasePrivate {
	std::map<int, int> rows;
	long more[3] = {};
};

struct Menu : Base {
	long rows[2] = {};
	NOINLINE Menu() : Base(new MenuData)
	{
		static_cast<MenuData *>(d)->rows[1] = 2;
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

static NOINLINE void make_menu()
{
	USE(new Menu);
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
	say("expect lost count=2 bytes=64 retained_bytes=272 retained_blocks=4 "
	    "members=1 cause=unreleased edges= origin=program "
#ifdef NAMED
	    "title=Menu head=Menu "
#endif
	    "root=*");
	say("expect cycle count=1 bytes=48 members=2 parts=0 cause=unknown "
	    "ring=2 root=*");
	say("total cycles=1 lost=2 bytes=184 retained_bytes=344");
	TIMES(3)
	away(make_timer);
	TIMES(2)
	away(make_menu);
	away(make_peers);
	return 0;
}
