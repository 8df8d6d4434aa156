/*
 * Heaps made by hand, for the tests of the scan: real memory, in which blocks
 * are where a test records them, and nowhere else. A process makes one scan, so
 * each test runs in a child.
 */
#ifndef HEAP_MAKE_H
#define HEAP_MAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "heap/heap.h"
#include "scan/blocks.h"
#include "scan/blocks_build.h"
#include "stack/depot.h"

#define ROOM (64ul << 20)
#define HERE (1ul << 20) /* from here on tests put blocks; below it, roots */

static uintptr_t room; /* ROOM bytes, zeros */

/* cmocka's own assertions would go on with the other tests in the child. */
#define CHECK(holds) \
	((holds) ? (void)0 : check_failed(#holds, __FILE__, __LINE__))

static inline void check_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	_exit(1);
}

#define CHECK_EQUAL(a, b) \
	check_equal((uintptr_t)(a), (uintptr_t)(b), #a, __FILE__, __LINE__)

static inline void check_equal(uintptr_t a, uintptr_t b, const char *what,
			       const char *file, int line)
{
	if (a == b)
		return;
	fprintf(stderr, "%s:%d: %s is 0x%lx, not 0x%lx\n", file, line, what, a,
		b);
	_exit(1);
}

/* A stack of one frame. */
static inline uint32_t stack(uint32_t number)
{
	return depot_child(0, 0x1000 + number, 0);
}

static inline uintptr_t block_of(uintptr_t address, size_t size,
				 uint32_t stack_id)
{
	heap_record((void *)address, size, stack_id, 0);
	return address;
}

static inline uintptr_t block(uintptr_t address, size_t size)
{
	return block_of(address, size, stack(1));
}

/* The address may be any: programs pack their words, too. */
static inline void put(uintptr_t address, uintptr_t word)
{
	struct __attribute__((packed, may_alias)) any {
		volatile uintptr_t word;
	};

	((struct any *)address)->word = word;
}

static inline bool is_strong(uintptr_t block)
{
	struct place place = blocks_place(block);

	return place.cell->strong & place.bit;
}

static inline bool is_weak(uintptr_t block)
{
	struct place place = blocks_place(block);

	return place.cell->weak & place.bit;
}

/* From address space of its own: what is near it is nobody's. */
static inline uintptr_t reserve(size_t bytes, int protection)
{
	void *got = mmap(NULL, bytes, protection,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(got != MAP_FAILED);
	return (uintptr_t)got;
}

static inline void in_child(void **test)
{
	void (*run)(void) = (void (*)(void)) * test;
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		alarm(60);
		CHECK_EQUAL(heap_init(16), 0);
		room = (reserve(2 * ROOM, PROT_READ | PROT_WRITE) + ROOM - 1) &
		       -ROOM;
		run();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* void test(void) in a child. */
#define IN_CHILD(test)                                    \
	{                                                 \
#test, in_child, NULL, NULL, (void *)test \
	}

#endif
