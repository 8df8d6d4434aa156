// Objects that live, although counts alone do not tell: one owner outside, and
// one pointer back from what they own, which is weak. A ring in which both are
// shared, and to which only a weak pointer leads, has the same words.
#include <any>
#include <cstdio>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

struct Parent;
struct Child {
	std::weak_ptr<Parent> parent;
	long data[11];
};
struct Parent : std::enable_shared_from_this<Parent> {
	std::shared_ptr<Child> child;
	long data[12];
};

struct Tree {
	std::weak_ptr<Tree> up;
	std::vector<std::shared_ptr<Tree>> down;
	long data[14];
};

struct Link {
	std::shared_ptr<Link> next;
	std::weak_ptr<Link> previous;
	long data[15];
};

struct Either {
	std::variant<std::shared_ptr<Either>, std::weak_ptr<Either>> peer;
	long data[16];
};

struct Asked {
	std::function<long()> answer;
	long data[17];
};

struct Box {
	std::any thing;
	long data[18];
};

struct Self {
	std::shared_ptr<Self> self;
	std::vector<std::shared_ptr<std::weak_ptr<Self>>> observers;
	long data[19];
};

struct Deep {
	std::shared_ptr<Deep> inner;
	std::map<std::string, std::weak_ptr<Deep>> by_name;
	long data[20];
};

struct Panel;
struct Tab {
	std::weak_ptr<Panel> panel;
	std::weak_ptr<Tab> left;
	long data[21];
};
struct Panel : std::enable_shared_from_this<Panel> {
	std::vector<std::shared_ptr<Tab>> tabs;
	std::weak_ptr<Tab> chosen;
	long data[22];
};

static auto &parents = *new std::vector<std::shared_ptr<Parent>>;
static auto &trees = *new std::map<int, std::shared_ptr<Tree>>;
static auto &links = *new std::list<std::shared_ptr<Link>>;
static auto &eithers = *new std::unordered_map<int, std::shared_ptr<Either>>;
static auto &askeds = *new std::vector<std::shared_ptr<Asked>>;
static auto &boxes = *new std::vector<std::shared_ptr<Box>>;
static auto &selves = *new std::vector<std::shared_ptr<Self>>;
static auto &deeps = *new std::vector<std::shared_ptr<Deep>>;

static auto &panels = *new std::vector<std::shared_ptr<Panel>>;

// The second tab is known as often as there are pointers to it.
static void keep_panel()
{
	auto panel = std::make_shared<Panel>();

	panel->tabs.push_back(std::make_shared<Tab>());
	panel->tabs.push_back(std::make_shared<Tab>());
	panel->tabs[0]->panel = panel;
	panel->tabs[1]->left = panel->tabs[0];
	panel->chosen = panel->tabs[1];
	panels.push_back(panel);
}

static void keep_families(int i)
{
	auto parent = std::make_shared<Parent>();
	auto tree = std::make_shared<Tree>();
	std::shared_ptr<Link> first(new Link), second(new Link);

	parent->child = std::make_shared<Child>();
	parent->child->parent = parent;
	parents.push_back(parent);
	tree->down.push_back(std::make_shared<Tree>());
	tree->down[0]->up = tree;
	tree->down[0]->down.push_back(std::make_shared<Tree>());
	tree->down[0]->down[0]->up = tree->down[0];
	trees[i] = tree;
	first->next = second;
	second->previous = first;
	links.push_back(first);
}

static void keep_others(int i)
{
	auto a = std::make_shared<Either>(), b = std::make_shared<Either>();
	auto asked = std::make_shared<Asked>();
	auto box = std::make_shared<Box>();
	auto self = std::make_shared<Self>();
	auto deep = std::make_shared<Deep>();

	a->peer = b;
	b->peer = std::weak_ptr<Either>(a);
	eithers[i] = a;
	asked->answer = [weak = std::weak_ptr<Asked>(asked), x = (long)i,
			 y = 1l]() { return weak.use_count() + x + y; };
	askeds.push_back(asked);
	box->thing = std::vector<std::weak_ptr<Box>>{box};
	boxes.push_back(box);
	self->self = self;
	for (int k = 0; k < 2; k++)
		self->observers.push_back(
			std::make_shared<std::weak_ptr<Self>>(self));
	selves.push_back(self);
	deep->inner = std::make_shared<Deep>();
	deep->inner->by_name["a name that is long enough"] = deep;
	deeps.push_back(deep);
}

static void keep()
{
	for (int i = 0; i < 20; i++) {
		keep_families(i);
		keep_others(i);
		keep_panel();
	}
}

int main()
{
	std::thread(keep).join(); // its stack goes
	puts("expect nothing");
	return 0;
}
