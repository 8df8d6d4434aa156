/* A plugin is closed and another takes its place, with the same calls at the
 * same addresses and frames of another size. */
#include <dlfcn.h>
#include "victim.h"

static NOINLINE void *use(const char *name)
{
	char path[PATH_MAX];
	void *plugin = dlopen(beside(path, name), RTLD_NOW), *address;
	void (*run)(void);

	if (!plugin)
		_exit(77);
	run = (void (*)(void))dlsym(plugin, "frame_run");
	address = (void *)run;
	run();
	dlclose(plugin);
	return address;
}

static NOINLINE void make(void)
{
	for (volatile int i = 0; i < 10; i++)
		if (use("plugin-small.so") != use("plugin-wide.so"))
			_exit(77);
}

int main(void)
{
	say("expect lost count=20 bytes=2000 "
	    "stack=frame_leak<frame_small<frame_run<use<make<away<main");
	say("expect lost count=20 bytes=2000 "
	    "stack=frame_leak<frame_wide<frame_run<use<make<away<main");
	away(make);
	return 0;
}
