/*
 * Captured stacks against libunwind's. Both are interned, and the ids compared:
 * a wrong, missing or additional frame makes another id.
 */
#ifndef CAPTURED_H
#define CAPTURED_H

#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "stack/depot.h"
#include "stack/memo.h"
#include "stack/module.h"
#include "stack/stack.h"

#define FRAMES 20000
/* No call below is a tail call. */
#define AFTER() __asm__ volatile("" ::: "memory")
#define KEEP(room) __asm__ volatile("" : : "r"(room) : "memory")
#define NOINLINE __attribute__((noinline))
#define PLAIN __attribute__((noinline, optimize("O2,omit-frame-pointer")))

static __thread uintptr_t low, high, told_low, told_high;
static __thread struct stack_memo *memo;
static uintptr_t pcs[FRAMES];
static unsigned hooks; /* how often the hook was called */
static uint32_t last;
static size_t last_n;

static inline __attribute__((always_inline)) uint32_t capture(const void *frame)
{
	if (memo && (low != told_low || high != told_high))
		memo_bounds(memo, told_low = low, told_high = high);
	return stack_capture(frame, memo);
}

/* libunwind's frames above frame, as depot_child() wants them. */
static size_t reference(uintptr_t frame)
{
	unw_context_t context;
	unw_cursor_t cursor;
	unw_word_t sp, ip;
	size_t n = 0;

	unw_getcontext(&context);
	unw_init_local(&cursor, &context);
	while (n < FRAMES && unw_step(&cursor) > 0) {
		unw_get_reg(&cursor, UNW_REG_SP, &sp);
		unw_get_reg(&cursor, UNW_REG_IP, &ip);
		if (!ip)
			break;
		if (sp <= frame)
			continue;
		pcs[n++] = ip - 1;
		/* What was interrupted, and the kernel's trampoline. */
		if (n > 1 && unw_is_signal_frame(&cursor) > 0) {
			pcs[n - 1]++;
			pcs[n - 2]++;
		}
	}
	return n;
}

static uint32_t intern(size_t n)
{
	uint32_t id = 0;

	while (n--)
		id = depot_child(id, pcs[n], module_find(pcs[n]));
	return id;
}

static void print(const char *what, uint32_t id)
{
	print_error("%s:\n", what);
	for (; id; id = depot_frame(id).parent)
		print_error("  %#zx\n", depot_frame(id).pc);
}

/* What an allocation's hook does; fails unless both agree. */
__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
hook(void)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
	uint32_t want;

	hooks++;
	last = capture((void *)frame);
	last_n = reference(frame);
	want = intern(last_n);
	if (last != want) {
		print("captured", last);
		print("expected", want);
	}
	assert_int_equal(last, want);
}

PLAIN static int plain(int n)
{
	volatile char room[40];

	room[0] = n;
	hook();
	AFTER();
	return room[0];
}

PLAIN static int deeper(int n)
{
	int sum = plain(n) + plain(n + 1);

	AFTER();
	return sum;
}

static int prepare(void **state)
{
	pthread_attr_t attr;
	void *start;
	size_t size;
	(void)state;

	stack_init(true);
	memo = memo_new();
	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstack(&attr, &start, &size);
	pthread_attr_destroy(&attr);
	low = (uintptr_t)start;
	high = low + size;
	return !memo;
}

#endif
