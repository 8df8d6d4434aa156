/* Leaks of a plugin since closed still name its functions, also when another
 * plugin has taken its place. */
#include <dlfcn.h>
#include "victim.h"

static NOINLINE void use(const char *name)
{
	char path[PATH_MAX];
	void *plugin = dlopen(beside(path, name), RTLD_NOW);

	if (!plugin)
		_exit(77);
	((void (*)(void))dlsym(plugin, "plugin_leak"))();
	dlclose(plugin);
}

static NOINLINE void make(void)
{
	int turn = 0;

	TIMES(3)
	use(turn++ % 2 ? "plugin-second.so" : "plugin-first.so");
}

int main(void)
{
	say("expect cycle count=20 bytes=1600 members=2 "
	    "edges=32+0>48,48+0>32 function=first_ring,plugin_leak,use");
	say("expect lost count=7 bytes=700 function=second_leak,use");
	away(make);
	return 0;
}
