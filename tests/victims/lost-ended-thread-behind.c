/* The stack that libc keeps of an ended thread lies right behind data of a
 * module, without a guard between: what is left in it still holds nothing. */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include "victim.h"

#define PAGE 4096

static char *low_of_stack(void)
{
	pthread_attr_t attr;
	size_t size;
	void *low;

	if (pthread_getattr_np(pthread_self(), &attr) ||
	    pthread_attr_getstack(&attr, &low, &size))
		_exit(99);
	pthread_attr_destroy(&attr);
	return low;
}

/* A page of the program's own file, writable: data of a module. */
static bool put_data(char *at)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	void *data = mmap(at, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);

	close(fd);
	if (data != MAP_FAILED && data != at)
		munmap(data, PAGE);
	return data == at;
}

static NOINLINE void leave_behind(void)
{
	void *volatile words[8];
	void *block = MALLOC(100);

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		words[i] = block;
}

static void *work(void *arg)
{
	if (!put_data(low_of_stack() - PAGE))
		return NULL;
	leave_behind();
	return arg;
}

/* Larger ones, until nothing is mapped right below. */
int main(void)
{
	pthread_attr_t attr;
	void *done = NULL;
	pthread_t thread;
	size_t size;

	say("expect lost count=1 bytes=100 function=leave_behind root=work");
	pthread_attr_init(&attr);
	pthread_attr_setguardsize(&attr, 0);
	for (size = 256 << 10; !done && size < 16 << 20; size += 256 << 10) {
		pthread_attr_setstacksize(&attr, size);
		if (pthread_create(&thread, &attr, work, &attr) ||
		    pthread_join(thread, &done))
			_exit(99);
	}
	return done ? 0 : 77;
}
