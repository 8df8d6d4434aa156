/* A holder that nobody deletes keeps a service, which has a weak pointer to
 * itself: no cycle. */
#include <memory>
#include "victim.h"

struct Service : std::enable_shared_from_this<Service> {
	long state = 1;
};

struct Holder {
	std::shared_ptr<Service> service{new Service};
	long more = 2;
};

static NOINLINE void make()
{
	USE(new Holder);
}

int main()
{
	static_assert(sizeof(Holder) == 24 && sizeof(Service) == 24, "so");
	say("expect lost count=3 bytes=72 retained_bytes=144 "
	    "retained_blocks=6 members=1 cause=unreleased nested=0 root=*");
	say("total findings=1 cycles=0 lost=1");
	TIMES(3)
	away(make);
	return 0;
}
