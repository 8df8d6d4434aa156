/* A std::function that owns itself through what it captured. */
#include <functional>
#include <memory>
#include "victim.h"

static NOINLINE void make()
{
	auto self = std::make_shared<std::function<void()>>();

	*self = [self] { USE(&self); };
}

int main()
{
	say("expect cycle count=1 bytes=64 members=2 sizes=48,16 "
	    "edges=48+16>16,16+0>48 function=make");
	away(make);
	return 0;
}
