/* A lost object with its containers' contents, and the same one held. A
 * map's nodes know their parents, and the first one the map: no cycle. */
#include <map>
#include <string>
#include <vector>
#include "victim.h"

struct Holder {
	std::vector<int *> numbers;
	std::map<int, std::string> names;
};

/* Never destroyed, whenever the last scan is. */
static Holder *volatile held;

static NOINLINE void fill(Holder &holder)
{
	holder.numbers.reserve(10);
	for (int i = 0; i < 3; i++) {
		holder.numbers.push_back(new int(i));
		holder.names[i] = std::string(63, 'x');
	}
}

static NOINLINE void make()
{
	Holder *lost = new Holder;

	fill(*lost);
	USE(lost);
	held = new Holder;
	fill(*held);
}

int main()
{
	/* nodes 32 + 8 + 32; an array of 80, 3 numbers, 3 texts of 64 */
	static_assert(sizeof(Holder) == 72, "as counted here");
	say("expect lost count=1 bytes=72 retained_bytes=500 "
	    "retained_blocks=10 members=1 cause=unreleased function=make");
	say("total findings=1");
	away(make);
	return 0;
}
