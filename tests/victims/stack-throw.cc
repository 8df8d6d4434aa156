/* Exceptions that leave frames, are thrown on and caught further out: what
 * handlers and destructors allocate meanwhile has the stack of that moment. */
#include "victim.h"

static NOINLINE void leak()
{
	MALLOC(100);
}

struct Leaves {
	NOINLINE ~Leaves()
	{
		leak();
	}
};

static NOINLINE void inner(int n)
{
	leak();
	throw n;
}

static NOINLINE void middle(int n)
{
	try {
		inner(n);
	} catch (int) {
		leak();
		throw;
	}
}

static NOINLINE void outer(int n)
{
	Leaves leaves;

	middle(n);
	USE(&leaves);
}

static NOINLINE void handle()
{
	leak();
}

static NOINLINE void make()
{
	TIMES(10)
	{
		try {
			outer(1);
		} catch (int) {
			handle();
		}
	}
}

int main()
{
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<inner<middle<outer<make<away<main");
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<middle<outer<make<away<main");
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<Leaves::~Leaves()<outer<make<away<main");
	say("expect lost count=10 bytes=1000 "
	    "stack=leak<handle<make<away<main");
	away(make);
	return 0;
}
