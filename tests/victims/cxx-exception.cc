/* Exceptions that pass a plain pointer by lose what it held; they and objects
 * whose constructor throws are freed. One is kept, and holds a block. */
#include <exception>
#include <stdexcept>
#include "victim.h"

struct Picky {
	Picky()
	{
		throw std::runtime_error("a constructor throws");
	}
	char payload[40];
};

struct Carrier {
	void *block;
};

/* Never destroyed, whenever the last scan is. */
static std::exception_ptr *volatile kept;

static NOINLINE void forget()
{
	char *buffer = new char[100];

	USE(buffer);
	delete new Picky;
	delete[] buffer;
}

static NOINLINE void make()
{
	TIMES (10) {
		try {
			forget();
		} catch (const std::exception &) {
		}
	}
	try {
		throw Carrier{MALLOC(77)};
	} catch (...) {
		kept = new std::exception_ptr(std::current_exception());
	}
}

int main()
{
	say("expect lost count=10 bytes=1000 members=1 function=forget,make");
	away(make);
	return 0;
}
