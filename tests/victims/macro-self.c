/* An object that counts a reference to itself is a cycle of one; one that only
 * points at itself is not. */
#include "macro.h"

static NOINLINE void counted(void)
{
	struct obj *obj = obj_new("self");

	obj->first = ref(obj);
	GORDIAN_LINK(obj, first, obj);
	unref(obj);
}

static NOINLINE void plain(void)
{
	struct obj *obj = obj_make();

	obj->first = obj;
}

int main(void)
{
	say("expect cycle count=1 bytes=32 members=1 type=self refcount=1 "
	    "edges=self.first>self cut=first confidence=certain");
	say("expect lost count=1 bytes=32 members=1 function=plain");
	away(counted);
	away(plain);
	return 0;
}
