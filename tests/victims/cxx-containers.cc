/* A lost object with its containers' contents, and the same one held. A
 * map's nodes know their parents, and the first one the map: a cycle. */
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
	say("expect cycle count=1 bytes=288 retained_bytes=284 "
	    "retained_blocks=7 members=4 function=make,fill "
	    "edges=72+40>72,72+48>72,72+56>72," // to root, first, last
	    "72+8~72,72+8>72*2,72+16>72,72+24>72");
	say("total findings=1");
	away(make);
	return 0;
}
