/* What a library finds by offsets instead of pointers (fontconfig) is held as
 * by pointers; when the holder is lost, it is kept by it. Elsewhere a number
 * that is the distance to another block holds nothing. */
#include <dlfcn.h>
#include "victim.h"

static void *volatile kept[4];
static void *(*pattern_new)(void), *(*set_new)(void);

static NOINLINE void hold(void)
{
	kept[0] = pattern_new();
	kept[1] = set_new();
}

static NOINLINE void lose(void)
{
	pattern_new();
	set_new();
}

/* A length, and a block that lies as far behind it. */
static NOINLINE void numbers(void)
{
	uintptr_t *number = MALLOC(32);
	char *lost = MALLOC(200);

	memset(number, 0, 32);
	number[1] = lost - (char *)number;
	kept[2] = number;
}

int main(void)
{
	char path[PATH_MAX];
	void *library;

	say("expect lost count=1 bytes=16 retained_bytes=336 retained_blocks=2 "
	    "function=pattern_new");
	say("expect lost count=1 bytes=16 retained_bytes=480 "
	    "retained_blocks=11 function=set_new");
	say("expect lost count=1 bytes=200 function=numbers");
	library = dlopen(beside(path, "libfontconfig.so"), RTLD_NOW);
	if (!library)
		return 99;
	*(void **)&pattern_new = dlsym(library, "pattern_new");
	*(void **)&set_new = dlsym(library, "set_new");
	away(hold);
	away(lose);
	away(numbers);
	return 0;
}
