/* new T[0] behind a cookie points one past its block, and a plain one at a
 * block of no bytes: both held, and one lost. */
#include "victim.h"

struct Item {
	~Item()
	{
		USE(this);
	}
	int value;
};

static Item *volatile items;
static int *volatile numbers;

static NOINLINE void hold()
{
	volatile size_t none = 0;

	items = new Item[none];
	numbers = new int[none];
}

static NOINLINE void make()
{
	volatile size_t none = 0;
	Item *lost = new Item[none];

	USE(lost);
}

int main()
{
	say("expect lost count=1 bytes=8 function=make");
	away(hold);
	away(make);
	return 0;
}
