// Allocations of every form that C++ has, each on a line of its own with what
// it makes beside it; made.c has those of C.
#include <array>
#include <cstdlib>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#define NOINLINE __attribute__((noinline))

template <typename T> void use(T *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

namespace app {

struct point {
	double x, y, z;
	explicit point(double at = 0) : x(at), y(at), z(at) {}
};

struct member;

struct club {
	std::vector<std::shared_ptr<member>> members;
	std::string name;
	club *next = nullptr;
};

struct member {
	std::weak_ptr<club> where;
	int number = 0;
	std::unique_ptr<point> at;
};

class shape {
public:
	virtual ~shape() {}
	virtual int kind() const { return 0; }
	shape *parent = nullptr;
};

class circle : public shape {
public:
	int kind() const override { return 1; }
	double radius[3];
};

class square : public shape {
public:
	int kind() const override { return 2; }
	double sides[5];
};

// No words that a virtual table would give away.
struct plain_base {
	int tag = 1;
};

struct plain_derived : plain_base {
	long more[6];
};

template <typename T> struct holder {
	T value;
	holder *next;
	static NOINLINE holder *make() { return new holder; } // = app::holder<double> | app::holder<app::point>
};

class pimpl {
	struct data {
		int a[9];
	};
	std::unique_ptr<data> own;

public:
	pimpl() : own(new data) {} // = app::pimpl::data
};

class counted {
	int refs = 1;

public:
	long words[4];
	static NOINLINE counted *create() { return new counted; } // = app::counted
	void ref() { refs++; }
};

struct custom {
	long words[11];
	void *operator new(size_t size) { return malloc(size); } // = app::custom
	void operator delete(void *block) { free(block); }
};

struct ended {
	long words[3] = {};
	~ended() { use(this); }
};

struct alignas(64) wide {
	long words[16] = {};
};

// Bases beside each other, and shared ones.
struct second {
	virtual ~second() {}
	long number = 0;
};

struct several : shape, second {
	long more[3] = {};
};

struct left : virtual shape {
	long words[2] = {};
};

struct right : virtual shape {
	long words[2] = {};
};

struct joined : left, right {
	long word = 1;
};

template <typename T> struct creates {
	static NOINLINE T *create() { return new T(); } // = app::first_made | app::second_made
};

struct first_made : creates<first_made> {
	long words[4];
};

struct second_made : creates<second_made> {
	long words[9];
};

// Of one size, and cast to each other.
struct list {
	list *rest;
	point *item;
	NOINLINE explicit list(point *what) : rest(nullptr), item(what) {}
};

struct point_list : list {
	explicit point_list(point *what) : list(what) {}
};

struct tree {
	std::unique_ptr<tree> left, right;
	int key = 0;
};

namespace {
struct hidden {
	long words[7] = {};
};
} // namespace

} // namespace app

using namespace app;

static app::club *the_club;
static int seed = 3;

static NOINLINE void plain()
{
	point *at = new point(2); // = app::point
	point *many = new point[4]; // = app::point [4]
	member *one = new member; // = app::member
	int *numbers = new int[9]; // = int [9]
	char *text = new char[30]; // = char [30]
	point **list = new point *[5]; // = app::point *[5]
	auto quiet = new (std::nothrow) club; // = app::club
	void *raw = malloc(sizeof(plain_derived)); // = app::plain_derived

	plain_derived *placed = new (raw) plain_derived;
	use(at);
	use(many);
	use(one);
	use(numbers);
	use(text);
	use(list);
	use(quiet);
	use(placed);
}

static NOINLINE shape *shape_make(int kind)
{
	if (kind == 1)
		return new circle; // = app::circle
	if (kind == 2)
		return new square; // = app::square
	return new shape; // = app::shape
}

static NOINLINE plain_base *derived_make()
{
	return new plain_derived; // = app::plain_derived
}

static NOINLINE void pointers()
{
	auto made = std::make_shared<club>(); // = app::club
	auto unique = std::make_unique<member>(); // = app::member
	auto array = std::make_unique<point[]>(6); // = app::point [6]
	std::shared_ptr<member> own(new member); // = app::member | *
	the_club = new club; // = app::club
	made->next = the_club;
	unique->at.reset(new point); // = app::point
	use(made.get());
	use(unique.get());
	use(array.get());
	use(own.get());
	unique.release();
	array.release();
}

static NOINLINE void containers()
{
	static std::vector<point> points;
	static std::vector<member *> members;
	static std::list<point> list;
	static std::forward_list<member> forward;
	static std::deque<club> deque;
	static std::map<std::string, point> map;
	static std::set<long> set;
	static std::unordered_map<int, member> hash;
	static std::function<int()> function;
	std::array<long, 12> words{};

	points.reserve(3); // = app::point [3]
	members.push_back(nullptr); // = app::member *
	list.emplace_back(1); // = std::_List_node<app::point> | *
	forward.emplace_front(); // = std::_Fwd_list_node<app::member> | *
	map["one"]; // = std::_Rb_tree_node<std::pair<const std::string, app::point>> | *
	set.insert(seed); // = std::_Rb_tree_node<long> | *
	function = [words]() { return (int)words[3]; }; // = *
	use(&hash);
	use(&deque);
}

static NOINLINE void templates()
{
	use(holder<double>::make());
	use(holder<point>::make());
	use(counted::create());
	use(new custom); // = app::custom
	use(new pimpl); // = app::pimpl
}

static std::shared_ptr<tree> the_tree;
static point_list *volatile the_list;

static NOINLINE list *list_new(point *what)
{
	return new list(what); // = app::list
}

static NOINLINE second *second_make()
{
	return new several; // = app::several
}

static NOINLINE void classes(size_t n)
{
	ended *many = new ended[n]; // = app::ended [3]
	wide *aligned = new wide; // = app::wide
	joined *both = new joined; // = app::joined
	hidden *own = new hidden; // = app::hidden
	auto **list = new second *[n]; // = app::second *[3]
	std::unique_ptr<shape> from = std::make_unique<several>(); // = app::several
	auto ends = std::make_unique<ended[]>(4); // = app::ended [4]

	the_tree = std::make_shared<tree>(); // = app::tree
	the_tree->left = std::make_unique<tree>(); // = app::tree
	the_tree->right.reset(new tree); // = app::tree
	the_list = static_cast<point_list *>(list_new(nullptr));
	use(many);
	use(aligned);
	use(both);
	use(own);
	use(list);
	use(from.release());
	use(ends.release());
}

// Room for several, in which they are made one by one.
static NOINLINE void rooms(size_t n)
{
	auto *points = static_cast<point *>(::operator new(n * sizeof(point))); // = app::point [3]
	auto *words = static_cast<custom *>(calloc(n, sizeof(custom))); // = app::custom [3]

	for (size_t i = 0; i < n; i++)
		new (points + i) point;
	use(points);
	use(words);
}

int main()
{
	volatile int n = seed;

	plain();
	use(shape_make(0));
	use(shape_make(1));
	use(shape_make(2));
	use(derived_make());
	pointers();
	containers();
	templates();
	classes(n);
	rooms(n);
	use(second_make());
	use(first_made::create());
	use(second_made::create());
}
