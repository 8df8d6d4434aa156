/* Blocks held by a shared file, large, whose pages the kernel has written out
 * and dropped when the scan is made. */
#include <fcntl.h>
#include <sys/mman.h>
#include "victim.h"

#define SIZE (32u << 20)

static NOINLINE void make(void)
{
	char path[] = "./victim-XXXXXX", *p;
	unsigned char there;
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, SIZE))
		_exit(99);
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		_exit(99);
	*(void **)(p + SIZE / 2 + 800) = MALLOC(100);
	msync(p, SIZE, MS_SYNC);
	madvise(p, SIZE, MADV_DONTNEED);
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (mincore(p + SIZE / 2, 4096, &there) || there & 1)
		_exit(77); /* a file system that is memory itself */
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
