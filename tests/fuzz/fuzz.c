/*
 * See fuzz.h. Linked with --wrap=exit: an exit of the code under test goes back
 * to where the input came from. What it had allocated is lost, so that nobody
 * looks for leaks.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static jmp_buf back;
static bool inside;

void __real_exit(int status) __attribute__((noreturn));
void __wrap_exit(int status) __attribute__((noreturn));
const char *__asan_default_options(void);

void __wrap_exit(int status)
{
	if (inside)
		longjmp(back, 1);
	__real_exit(status);
}

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

const struct fuzzer *fuzzer_find(const char *name)
{
	const struct fuzzer *fuzzer = fuzzers;

	while (fuzzer->name && (!name || strcmp(fuzzer->name, name) != 0))
		fuzzer++;
	if (fuzzer->name)
		return fuzzer;
	fprintf(stderr, "no input is called '%s'\n", name ? name : "");
	exit(99);
}

void fuzzer_try(const struct fuzzer *fuzzer, const uint8_t *bytes, size_t n)
{
	inside = true;
	if (!setjmp(back))
		fuzzer->input(bytes, n);
	inside = false;
}

int input_file(const uint8_t *bytes, size_t n)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static ssize_t output_write(void *cookie, const char *bytes, size_t n)
{
	(void)cookie;
	(void)bytes;
	return (ssize_t)n;
}

FILE *output_file(void)
{
	FILE *file = fopencookie(
		NULL, "w", (cookie_io_functions_t){.write = output_write});

	if (!file)
		abort();
	return file;
}
