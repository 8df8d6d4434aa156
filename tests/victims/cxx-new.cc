/* Every operator new, with a size of its own, and deletes of every kind. */
#include <initializer_list>
#include <new>
#include "victim.h"

struct alignas(64) Wide {
	char payload[192];
};

template <int n> struct Bytes {
	char payload[n];
};

/* Wiped where an allocator keeps its links. */
template <class T> static T *use(T *p)
{
	memset(static_cast<void *>(p), 0, 16);
	USE(p);
	return p;
}

static NOINLINE void make()
{
	use(new Bytes<101>);
	use(new char[102]);
	use(new (std::nothrow) Bytes<103>);
	use(new (std::nothrow) char[104]);
	use(new Wide);
	use(new Wide[2]);
	use(::operator new(106, std::align_val_t(32)));

	delete use(new Bytes<201>);
	delete[] use(new char[202]);
	delete use(new Wide);
	delete[] use(new Wide[2]);
	::operator delete(use(::operator new(203)), 203);
	::operator delete(use(::operator new(204, std::align_val_t(32))), 204,
			  std::align_val_t(32));
	delete static_cast<Wide *>(nullptr);
}

int main()
{
	for (int size : {101, 102, 103, 104, 192, 384, 106})
		say("expect lost count=1 bytes=%d members=1 retained_bytes=0 "
		    "function=make",
		    size);
	away(make);
	return 0;
}
