/* Every call that gives a block, each with a size of its own. */
#include <malloc.h>
#include <wchar.h>
#include "victim.h"

static NOINLINE void make(void)
{
	void *aligned;
	char *text;

	USE(malloc(101));
	USE(calloc(2, 101));
	USE(realloc(NULL, 303));
	USE(reallocarray(NULL, 4, 101));
	if (posix_memalign(&aligned, 64, 505))
		_exit(99);
	USE(aligned);
	USE(aligned_alloc(4096, 8192));
	USE(memalign(256, 707));
	USE(valloc(808));
	USE(pvalloc(4096));
	USE(strdup("strdup asks for twenty-nine."));
	USE(strndup("strndup asks for nine", 8));
	USE(wcsdup(L"wcsdup"));
	if (asprintf(&text, "asprintf %d", 4711) < 0)
		_exit(99);
	USE(text);
}

int main(void)
{
	/* asprintf ends with a realloc to the size needed, if it pays. */
	static const int sizes[] = {101, 202, 303,  404, 505, 8192,
				    707, 808, 4096, 29,	 9,   28};

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		say("expect lost count=1 bytes=%d members=1 sizes=%d "
		    "retained_bytes=0 function=make,away",
		    sizes[i], sizes[i]);
	say("expect lost count=1 members=1 retained_bytes=0 function=make");
	away(make);
	return 0;
}
