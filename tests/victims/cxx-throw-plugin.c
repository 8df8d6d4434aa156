/* A C program whose C++ plugin throws and catches, and leaks while it does. */
#include <dlfcn.h>
#include "victim.h"

static NOINLINE void make(void)
{
	char path[PATH_MAX];
	void *plugin = dlopen(beside(path, "plugin-throw.so"), RTLD_NOW);
	int (*throw_and_catch)(int);

	if (!plugin)
		_exit(77);
	throw_and_catch = (int (*)(int))dlsym(plugin, "throw_and_catch");
	if (throw_and_catch(5) != 5)
		_exit(99);
}

int main(void)
{
	say("expect lost count=5 bytes=500 function=throwing,throw_and_catch");
	away(make);
	return 0;
}
