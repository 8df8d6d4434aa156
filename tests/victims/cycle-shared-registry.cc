// Nodes of shared pointers in rings. A registry of raw pointers, which own
// nothing, leads to all of them, and beside them to nodes that live.
#include <cstdio>
#include <memory>
#include <vector>

struct Inside : std::enable_shared_from_this<Inside> {
	std::shared_ptr<Inside> peer;
	long data[4];
};

struct Apart {
	std::shared_ptr<Apart> peer;
	long data[5];
};

struct Kept {
	std::shared_ptr<Kept> peer;
	long data[6];
};

// They are there to the end.
static auto &insides = *new std::vector<Inside *>;
static auto &aparts = *new std::vector<Apart *>;
static auto &keeps = *new std::vector<Kept *>;
static auto &owners = *new std::vector<std::shared_ptr<Kept>>;

static __attribute__((noinline)) void make(int i)
{
	auto a = std::make_shared<Inside>(), b = std::make_shared<Inside>();
	std::shared_ptr<Apart> c(new Apart), d(new Apart);
	auto e = std::make_shared<Kept>(), f = std::make_shared<Kept>();

	a->peer = b;
	b->peer = a;
	c->peer = d;
	d->peer = c;
	e->peer = f;
	f->peer = e;
	a->data[0] = c->data[0] = i;
	insides.push_back(a.get());
	insides.push_back(b.get());
	aparts.push_back(c.get());
	aparts.push_back(d.get());
	keeps.push_back(e.get());
	keeps.push_back(f.get());
	owners.push_back(e);
}

int main()
{
	volatile char room[4096] = {};

	for (int i = 0; i < 40; i++)
		make(i);
	(void)room;
	puts("expect cycle count=40 members=2 type=Inside confidence=likely "
	     "root=*");
	puts("expect cycle count=40 members=4 confidence=likely root=*");
	return 0;
}
