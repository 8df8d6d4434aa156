/* The same as site-made.c, for C++. */
#include <new>
#include <stdlib.h>

#define APART __attribute__((noinline))

static APART void use(const void *block)
{
	__asm__ volatile("" ::"r"(block) : "memory");
}

namespace app
{
struct plain {
	int x, y, z;
	plain *next;
};

struct plain_derived : plain {
	char tail[20];
};

struct other {
	long a, b;
};

struct base {
	virtual ~base()
	{
	}
	int a = 1;
};

struct derived : base {
	long b[3] = {};
	derived *peer = nullptr;
};

/* As large as its base. */
struct same : base {
	APART same()
	{
		use(this);
	}
};

struct several : other, base {
	double d = 0;
	APART several(int n)
	{
		d = n;
		use(this);
	}
};

struct ended {
	long v[2];
	~ended()
	{
		use(this);
	}
};

/* Its only member is as large. */
struct wraps {
	plain first;
};

struct own {
	long words[11];
	void *operator new(size_t size)
	{
		return malloc(size); // = app::own
	}
};

template <class T> struct owner {
	T *item = nullptr;
	owner()
	{
	}
	APART void fill()
	{
		item = new T(); // = app::plain
	}
};

template <class T> struct my_allocator {
	APART T *allocate(size_t n)
	{
		return static_cast<T *>(
			malloc(n * sizeof(T))); // ~ app::plain[4]
	}
};

template <class T> struct buffer {
	T *begin = nullptr;
	my_allocator<T> from;
	APART void reserve(size_t n)
	{
		begin = from.allocate(n); // ~ app::plain[4]
		use(begin);
	}
};

struct list {
	list *rest;
	long item;
	APART explicit list(long n) : rest(nullptr), item(n)
	{
		use(this);
	}
};

/* Another view of it, with nothing of its own. */
struct other_list : list {
	explicit other_list(long n) : list(n)
	{
	}
};
} // namespace app

using namespace app;

static plain *one, *four[4];
static plain_derived *known;

static inline void init(plain *first)
{
	first->x = 1;
	first->next = first;
}

static APART base *pick(int n)
{
	if (n > 5)
		return new same; // = app::same
	return new derived;	 // = app::derived
}

static APART base *second(int n)
{
	return new several(n); // = app::several
}

static APART list *list_new(long n)
{
	return new list(n); // = app::list
}

static inline list *made(long n)
{
	list *first = new list(n); // = app::list

	first->rest = first;
	return first;
}

static APART other_list *cast(long n)
{
	return static_cast<other_list *>(made(n));
}

static other_list *last;

static APART plain &reference()
{
	return *new plain(); // = app::plain
}

static APART void arrays(size_t n)
{
	plain *five = new plain[5];  // = app::plain[5]
	plain *some = new plain[n];  // = app::plain[5]
	ended *ends = new ended[3];  // = app::ended[3]@8
	int *numbers = new int[7];   // = int[7]
	base **list = new base *[3]; // = app::base *[3]

	use(five);
	use(some);
	use(ends);
	use(numbers);
	use(list);
}

int main(int argc, char **)
{
	plain *first = new plain();		  // = app::plain
	plain *more = new plain_derived();	  // ~ app::plain_derived
	owner<plain> *holds = new owner<plain>(); // = app::owner<app::plain>
	void *place = malloc(sizeof(derived));	  // = app::derived
	buffer<plain> all;

	use(first);
	use(more);
	holds->fill();
	use(holds);
	use(new (place) derived());
	all.reserve(4);
	use(new own);
	wraps *wrapped = new wraps; // = app::wraps
	init(&wrapped->first);
	use(wrapped);
	use(pick(argc));
	use(pick(argc + 8));
	use(second(argc));
	use(&reference());
	last = static_cast<other_list *>(list_new(argc));
	use(cast(argc));
	last->rest = new other_list(argc); // ~ app::other_list
	arrays((size_t)argc + 4);
	one = new plain(); // = app::plain
	for (int i = 0; i < 4; i++)
		four[i] = new plain(); // ~ app::plain
	known = new plain_derived;     // = app::plain_derived
	return 0;
}
