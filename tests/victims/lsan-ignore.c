/* LeakSanitizer's interface: ignored objects, with all that they hold, and
 * what is allocated between disable and enable (nested, by thread). */
#include <pthread.h>
#include "victim.h"

__attribute__((weak)) void __lsan_ignore_object(const void *p);
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

static void *other_thread(void *arg)
{
	MALLOC(500); /* main has it disabled, this thread has not */
	return arg;
}

static NOINLINE void make(void)
{
	void **p = CALLOC(100);
	pthread_t thread;

	*p = CALLOC(200);
	if (__lsan_ignore_object) {
		__lsan_ignore_object(p);
		__lsan_ignore_object((char *)MALLOC(250) + 17);
		__lsan_ignore_object(&p); /* no block: nothing happens */
		__lsan_disable();
		__lsan_disable();
		MALLOC(300);
		__lsan_enable();
		MALLOC(400);
		*(void **)CALLOC(100) = CALLOC(420);
		if (pthread_create(&thread, NULL, other_thread, NULL))
			_exit(99);
		pthread_join(thread, NULL);
		__lsan_enable();
	}
	MALLOC(600);
}

int main(void)
{
	say("expect lost count=1 bytes=500 root=other_thread");
	say("expect lost count=1 bytes=600");
	away(make);
	return 0;
}
