/* Wrong use is a warning, once for each place, and nothing else. */
#include "macro.h"

static struct obj *volatile fixed, *volatile owner;

static NOINLINE void below_zero(void)
{
	GORDIAN_UNREF(fixed);
	TIMES(5)
	GORDIAN_UNREF(fixed);
}

static NOINLINE void never_linked(void)
{
	TIMES(5)
	GORDIAN_UNLINK(owner, first);
}

static NOINLINE void freed(void)
{
	struct obj *obj = obj_new("freed");

	/* What free() keeps for the next malloc stays as it is. */
	unref(obj);
	TIMES(5)
	GORDIAN_LINK(owner, second, obj);
}

static NOINLINE void make(void)
{
	static struct obj memory;

	fixed = &memory;
	owner = obj_new("owner");
	GORDIAN_OBJECT(fixed, "fixed");
	below_zero();
	never_linked();
	freed();
	GORDIAN_REF(NULL);
	GORDIAN_UNREF(NULL);
	GORDIAN_OBJECT(NULL, "none");
	GORDIAN_LINK((struct obj *)NULL, first, owner);
	GORDIAN_UNLINK((struct obj *)NULL, first);
	GORDIAN_FINALIZER(NULL, none);
	GORDIAN_RESOURCE(owner, -1);
	GORDIAN_POOL_FREE(NULL, NULL);
	GORDIAN_IGNORE(NULL);
	GORDIAN_ROOT(NULL, 100);
}

int main(void)
{
	say("expect nothing");
	say("warning a release of an object without references");
	say("warning an unlink of a field that holds no link");
	say("warning a link to freed memory");
	away(make);
	return 0;
}
