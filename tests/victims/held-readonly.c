/* Blocks held by memory that was made read-only after it was filled: files
 * mapped shared and private, a sealed one, small and large. */
#include <fcntl.h>
#include <sys/mman.h>
#include "victim.h"

static NOINLINE int file(size_t size)
{
	int fd = memfd_create("victim", MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, size))
		_exit(99);
	return fd;
}

static NOINLINE void fill(int flags, int fd, size_t size, size_t bytes)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		_exit(99);
	*(void **)(p + size - 800) = MALLOC(bytes);
	if (mprotect(p, size, PROT_READ))
		_exit(99);
	close(fd);
}

static NOINLINE void seal(size_t size)
{
	int fd = file(size);
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		_exit(99);
	*(void **)p = MALLOC(500);
	munmap(p, size);
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) ||
	    mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		_exit(99);
	close(fd);
}

static NOINLINE int disk(void)
{
	char path[] = "/tmp/victim-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, 1 << 20))
		_exit(99);
	return fd;
}

static NOINLINE void make(void)
{
	fill(MAP_SHARED, file(8192), 8192, 100);
	fill(MAP_SHARED, file(1 << 20), 1 << 20, 200);
	fill(MAP_PRIVATE, disk(), 1 << 20, 300);
	fill(MAP_PRIVATE, disk(), 8192, 350);
	fill(MAP_SHARED, disk(), 1 << 20, 400);
	seal(65536);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
