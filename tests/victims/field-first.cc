/* A class without virtual functions begins with objects that have some: the
 * block is one of that class, none of them and no row of them. */
#include "victim.h"

struct Text {
	char *characters = nullptr;
	long length = 0;

	virtual ~Text()
	{
	}
};

struct Pair {
	Text first, second;
};

struct Lone {
	Text only;
};

struct Owner {
	Pair *pair;
	Lone *lone;
	Text *text;

	Owner();
};

NOINLINE Owner::Owner() : pair(new Pair), lone(new Lone), text(new Text)
{
}

static NOINLINE void make()
{
	static Owner *volatile owner;

	owner = new Owner;
	owner->pair->second.length = 1;
	owner->lone->only.length = 1;
	owner->text->length = 1;
	owner->pair = nullptr;
	owner->lone = nullptr;
	owner->text = nullptr;
	owner = nullptr;
}

int main()
{
	say("expect lost count=1 type=Owner");
	say("expect lost count=1 type=Pair");
	say("expect lost count=1 type=Lone");
	say("expect lost count=1 type=Text");
	away(make);
	return 0;
}
