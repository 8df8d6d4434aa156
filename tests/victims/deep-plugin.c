/* A plugin that is opened with RTLD_DEEPBIND looks for malloc and free in libc
 * first: what it frees is no leak, what it loses is one. MODE: how it is bound.
 */
#include <dlfcn.h>
#include "victim.h"

#ifndef MODE
#define MODE RTLD_NOW
#endif

static void (*deep_free)(void *);
static void *(*deep_get)(void);
static void (*const *deep_table)(void *);

static NOINLINE void open_plugin(void)
{
	char path[PATH_MAX];
	void *plugin =
		dlopen(beside(path, "plugin-deep.so"), MODE | RTLD_DEEPBIND);

	if (!plugin || dlerror())
		_exit(77);
	deep_free = (void (*)(void *))dlsym(plugin, "deep_free");
	deep_get = (void *(*)(void))dlsym(plugin, "deep_get");
	deep_table = (void (*const *)(void *))dlsym(plugin, "deep_table");
}

static NOINLINE void use(void)
{
	TIMES(50) deep_free(MALLOC(100));
	TIMES(50) (*deep_table)(MALLOC(60));
	TIMES(50) free(deep_get());
	TIMES(30) deep_get();
}

int main(void)
{
	say("expect lost count=30 bytes=6000 function=deep_get,use");
	open_plugin();
	away(use);
	return 0;
}
