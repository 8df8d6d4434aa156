/* Macros in a constructor before main, and from a plugin that is gone when the
 * report is written: its names stay readable. */
#include <dlfcn.h>
#include "macro.h"

static NOINLINE void before_main(void)
{
	struct obj *a = obj_new("early"), *b = obj_new("early");

	a->first = b;
	GORDIAN_LINK(a, first, b);
	b->second = a;
	GORDIAN_LINK(b, second, a);
}

static __attribute__((constructor)) void early(void)
{
	away(before_main);
}

static NOINLINE void plugin(void)
{
	char path[PATH_MAX];
	void *handle = dlopen(beside(path, "plugin-macro.so"), RTLD_NOW);
	void (*leak)(void) =
		handle ? (void (*)(void))dlsym(handle, "leak") : NULL;

	if (!leak)
		_exit(99);
	leak();
	dlclose(handle);
}

int main(void)
{
	say("expect cycle count=1 members=2 type=early root=early "
	    "edges=early.first>early,early.second>early");
	say("expect cycle count=1 members=2 type=plugged root=* "
	    "edges=plugged.first>plugged,plugged.second>plugged "
	    "finalizer=plugged_free,plugged_free");
	away(plugin);
	return 0;
}
