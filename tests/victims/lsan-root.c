/* LeakSanitizer's interface: a root region inside a lost block makes what it
 * holds live, until it is unregistered. */
#include "victim.h"

__attribute__((weak)) void __lsan_register_root_region(const void *p,
						       size_t size);
__attribute__((weak)) void __lsan_unregister_root_region(const void *p,
							 size_t size);

static NOINLINE void make(void)
{
	void **kept = CALLOC(800);
	void **given_up = CALLOC(1600);

	kept[10] = MALLOC(100);
	kept[90] = MALLOC(200); /* outside the region */
	given_up[10] = MALLOC(300);
	if (__lsan_register_root_region) {
		__lsan_register_root_region(kept + 5, 80);
		__lsan_register_root_region(given_up + 5, 80);
		__lsan_unregister_root_region(given_up + 5, 80);
	}
}

int main(void)
{
	say("expect lost count=1 bytes=800 retained_bytes=200 "
	    "retained_blocks=1 members=1");
	say("expect lost count=1 bytes=1600 retained_bytes=300 "
	    "retained_blocks=1 members=1");
	away(make);
	return 0;
}
