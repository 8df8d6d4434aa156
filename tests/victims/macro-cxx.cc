// An intrusive pointer class, two macros in it and two more for its fields.
#include "gordian.h"
#include "victim.h"

struct counted {
	virtual ~counted()
	{
	}
	int refs = 0;
};

template <class T> struct ptr {
	T *raw = nullptr;

	ptr() = default;
	explicit ptr(T *to) : raw(to)
	{
		grab();
	}
	ptr(const ptr &other) : raw(other.raw)
	{
		grab();
	}
	~ptr()
	{
		drop();
	}
	void set(const ptr &other)
	{
		drop();
		raw = other.raw;
		grab();
		GORDIAN_LINK(this, raw, raw);
	}

      private:
	void grab()
	{
		GORDIAN_REF(raw);
		if (raw)
			raw->refs++;
	}
	void drop()
	{
		GORDIAN_UNREF(raw);
		if (raw && !--raw->refs)
			delete raw;
		raw = nullptr;
	}
};

struct person : counted {
	ptr<person> other;

	person()
	{
		GORDIAN_OBJECT_ZERO(this, "person");
	}
};

static person *volatile last;

static NOINLINE void make()
{
	ptr<person> a(new person), b(new person);

	a.raw->other.set(b);
	b.raw->other.set(a);
	last = a.raw;
}

int main()
{
	say("expect cycle count=1 members=2 type=person refcount=1,1 "
	    "edges=person.raw>person*2 confidence=certain function=make");
	say("warning none");
	away(make);
	return 0;
}
