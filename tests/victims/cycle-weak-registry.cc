// Rings of shared pointers that nobody owns any more. Registries of weak
// pointers still lead to them. Others look the same by their counts, and live:
// somebody owns them, and what they own knows them by weak pointers.
#include <cstdio>
#include <list>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

struct Session;
struct Handler {
	std::shared_ptr<Session> session;
	long data[4];
};
struct Session : std::enable_shared_from_this<Session> {
	std::shared_ptr<Handler> handler;
	long data[5];
};

struct Peer {
	std::vector<std::shared_ptr<Peer>> peers;
	long data[6];
};

struct Club;
struct Guest {
	std::shared_ptr<Club> club;
	long data[8];
};
struct Club {
	std::map<int, std::shared_ptr<Guest>> guests;
	long data[9];
};

struct Ring {
	std::shared_ptr<Ring> next;
	std::weak_ptr<Ring> previous;
	long data[16];
};

struct Panel;
struct Tab {
	std::shared_ptr<Panel> panel;
	std::weak_ptr<Tab> left;
	long data[18];
};
struct Panel : std::enable_shared_from_this<Panel> {
	std::vector<std::shared_ptr<Tab>> tabs;
	std::weak_ptr<Tab> chosen;
	long data[19];
};

// They are there to the end. A vector's room may have old words.
static auto &sessions = *new std::list<std::weak_ptr<Session>>;
static auto &peers = *new std::list<std::weak_ptr<Peer>>;
static auto &clubs = *new std::unordered_map<int, std::weak_ptr<Club>>;
static auto &guests = *new std::map<int, std::weak_ptr<Guest>>;
static auto &rings = *new std::vector<std::weak_ptr<Ring>>;
static auto &panels = *new std::unordered_map<int, std::weak_ptr<Panel>>;
static auto &kept_rings = *new std::list<std::shared_ptr<Ring>>;
static auto &kept = *new std::list<std::shared_ptr<Session>>;

static void leak(int i)
{
	auto session = std::make_shared<Session>();
	auto handler = std::make_shared<Handler>();
	std::shared_ptr<Peer> a(new Peer), b(new Peer);
	auto club = std::make_shared<Club>();
	auto guest = std::make_shared<Guest>();

	session->handler = handler;
	handler->session = session;
	sessions.push_back(session);
	a->peers.push_back(b);
	b->peers.push_back(a);
	peers.push_back(a);
	peers.push_back(b);
	club->guests[i] = guest;
	guest->club = club;
	clubs[i] = club;
	guests[i] = guest;
}

// Half of them hold each other and are dead. The others, which are made by the
// same calls, live.
static void make_ring(int i)
{
	auto a = std::make_shared<Ring>(), b = std::make_shared<Ring>();

	a->next = b;
	if (i % 2) {
		b->next = a;
		rings.push_back(a);
	} else {
		b->previous = a;
		kept_rings.push_back(a);
	}
}

// Some know each other weakly besides.
static void make_panel(int i)
{
	auto panel = std::make_shared<Panel>();

	for (int k = 0; k < 3; k++) {
		panel->tabs.push_back(std::make_shared<Tab>());
		panel->tabs[k]->panel = panel;
		if (k)
			panel->tabs[k]->left = panel->tabs[k - 1];
	}
	panel->chosen = panel->tabs[1];
	panels[i] = panel;
}

static void keep()
{
	auto session = std::make_shared<Session>();

	session->handler = std::make_shared<Handler>();
	sessions.push_back(session);
	kept.push_back(session);
}

static void make()
{
	rings.reserve(20);
	for (int i = 0; i < 20; i++) {
		leak(i);
		keep();
		make_ring(i);
		make_panel(i);
	}
}

int main()
{
	std::thread(make).join(); // its stack goes
	puts("expect cycle count=20 type=Session,Handler confidence=certain "
	     "root=*");
	puts("expect cycle count=20 type=Peer confidence=certain root=*");
	puts("expect cycle count=20 type=Club,Guest confidence=certain root=*");
	puts("expect cycle count=20 type=Panel,Tab confidence=certain root=*");
	puts("expect cycle count=10 type=Ring confidence=certain "
	     "edges=Ring.next>Ring*2 root=*");
	return 0;
}
