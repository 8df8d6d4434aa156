/*
 * Captured stacks against libunwind's, in every kind of frame that is known
 * to be hard. Both are interned, and the ids compared: a wrong, missing or
 * additional frame makes another id.
 */
#define UNW_LOCAL_ONLY
#include <alloca.h>
#include <execinfo.h>
#include <libunwind.h>
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
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

PLAIN static int sink(int n)
{
	int sum = n ? sink(n - 1) : plain(1);

	AFTER();
	return sum;
}

/* Many inner frames are as they were, and one outside of them is not: two
 * places of one function call the same. */
static void outer_frames(void **state)
{
	int i;
	(void)state;

	for (i = 0; i < 40; i++) {
		sink(i);
		AFTER();
		sink(i);
		AFTER();
	}
}

static void plain_frames(void **state)
{
	(void)state;
	deeper(1);
	deeper(2);
}

static void glibc_agrees(void **state)
{
	void *theirs[100];
	int n = backtrace(theirs, 100);
	(void)state;

#ifdef __SANITIZE_ADDRESS__
	skip(); /* it has a backtrace() of its own */
#endif
	plain(1);
	/* Ours has plain() besides, and the hook's caller is in it. */
	assert_int_equal(last_n, n + 1);
	last = depot_frame(depot_frame(last).parent).parent;
	for (int i = 1; i < n; i++, last = depot_frame(last).parent)
		assert_int_equal(depot_frame(last).pc, theirs[i] - 1);
	assert_int_equal(last, 0);
}

PLAIN static int with_alloca(int bytes)
{
	volatile char *room = alloca(bytes);

	room[0] = 1;
	hook();
	AFTER();
	return room[0];
}

/* The stack moves by what alloca takes, and its old words stay. */
static void alloca_frames(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++)
		with_alloca(i % 7 * 48 + 8);
}

PLAIN static int realigned(int bytes)
{
	volatile char line[64] __attribute__((aligned(64)));
	volatile char *room = alloca(bytes);

	room[0] = line[0] = 1;
	hook();
	plain(1);
	AFTER();
	return room[0] + line[0];
}

static void realigned_frames(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		realigned(i % 5 * 40 + 8);
}

static int compare(const void *a, const void *b)
{
	hook();
	AFTER();
	return *(const int *)a - *(const int *)b;
}

static void callbacks_of_libc(void **state)
{
	int numbers[50];
	(void)state;

	for (int i = 0; i < 50; i++)
		numbers[i] = i * 37 % 50;
	qsort(numbers, 50, sizeof(*numbers), compare);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)info, (void)context;
	for (volatile int i = 0; i < 3; i++)
		plain(i);
	hook();
}

static void handle(int signal, int flags,
		   void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO | flags};

	assert_int_equal(sigaction(signal, &action, NULL), 0);
}

static void signal_handlers(void **state)
{
	(void)state;
	handle(SIGUSR1, 0, on_signal);
	plain(1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	plain(1);
}

static void alternate_stacks(void **state)
{
	stack_t alternate = {.ss_size = 256 * 1024};
	(void)state;

	alternate.ss_sp = malloc(alternate.ss_size);
	assert_int_equal(sigaltstack(&alternate, NULL), 0);
	handle(SIGUSR2, SA_ONSTACK, on_signal);
	raise(SIGUSR2);
	plain(1);
	raise(SIGUSR2);
	alternate.ss_flags = SS_DISABLE;
	sigaltstack(&alternate, NULL);
	free(alternate.ss_sp);
}

static void *in_thread(void *arg)
{
	pthread_attr_t attr;
	void *start;
	size_t size;

	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstack(&attr, &start, &size);
	pthread_attr_destroy(&attr);
	low = (uintptr_t)start;
	high = low + size;
	memo = memo_new();
	deeper(3);
	deeper(3);
	memo_free(memo);
	return arg;
}

static void whole_thread_stacks(void **state)
{
	pthread_t thread;
	(void)state;

	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	/* hook ← plain ← deeper ← in_thread ← start_thread ← clone */
	assert_int_equal(last_n, 5);
}

static jmp_buf back;

PLAIN static void jump(int depth)
{
	if (depth) {
		jump(depth - 1);
		AFTER();
		return;
	}
	hook();
	if (hooks) /* always */
		longjmp(back, 1);
}

static void after_longjmp(void **state)
{
	(void)state;
	for (volatile int i = 0; i < 10; i++) {
		if (!setjmp(back))
			jump(i);
		deeper(i);
		hook();
	}
}

static ucontext_t here, fiber;

static void in_fiber(void)
{
	deeper(1);
	swapcontext(&fiber, &here);
	deeper(2);
}

/* A stack that nobody told us of, and nothing to read above it. */
static void fibers(void **state)
{
	const size_t size = 64 * 1024;
	char *room = mmap(NULL, 2 * size, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)state;

	assert_int_equal(mprotect(room, size, PROT_READ | PROT_WRITE), 0);
	getcontext(&fiber);
	fiber.uc_stack.ss_sp = room;
	fiber.uc_stack.ss_size = size;
	fiber.uc_link = &here;
	makecontext(&fiber, in_fiber, 0);
	swapcontext(&here, &fiber);
	deeper(3);
	swapcontext(&here, &fiber);
	munmap(room, 2 * size);
}

static void unknown_bounds(void **state)
{
	uintptr_t was = high;
	struct stack_memo *had = memo;
	(void)state;

	high = 0;
	deeper(1);
	with_alloca(100);
	memo = NULL;
	deeper(1);
	high = was;
	deeper(1);
	memo = had;
}

PLAIN static int recurse(int n)
{
	int sum = 1;

	if (n)
		sum += recurse(n - 1);
	else
		capture(__builtin_frame_address(0));
	AFTER();
	return sum;
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static int
descend(int n, int every)
{
	int sum = 1;

	if (n % every == 0)
		last = capture(__builtin_frame_address(0));
	if (n)
		sum += descend(n - 1, every);
	AFTER();
	return sum;
}

/* Allocates at the end, where the stack is too deep, and on the way back. */
PLAIN static void descend_and_return(int n)
{
	if (n)
		descend_and_return(n - 1);
	else
		capture(__builtin_frame_address(0));
	if (n % 100 == 0 && n > 3000)
		hook();
	AFTER();
}

/* Deeper than the memo, and once for every frame on the way down. */
static void deep_recursion(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	descend(10000, 10000);
	descend(5000, 1);
	descend_and_return(5000);
	assert_in_range(depot_count() - n, 1, 200);
	hook();
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
tree(int depth)
{
	last = capture(__builtin_frame_address(0));
	if (depth) {
		tree(depth - 1);
		tree(depth - 1);
	}
	AFTER();
}

static void trees_stay_small(void **state)
{
	uint32_t n = depot_count();
	(void)state;

	tree(14);
	assert_in_range(depot_count() - n, 2, 50);
}

/* Random calls through frames of every kind and size: what was remembered
 * holds, nearly holds, or does not. */
static unsigned random_state = 1;

static unsigned random_number(unsigned below)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 16) % below;
}

static void any(int depth);

PLAIN static void any_plain(int depth)
{
	any(depth - 1);
	AFTER();
}

PLAIN static void any_large(int depth)
{
	char room[200];

	KEEP(room);
	any(depth - 1);
	KEEP(room);
}

PLAIN static void any_alloca(int depth)
{
	char *room = alloca(16 + 16 * random_number(8));

	KEEP(room);
	any(depth - 1);
	KEEP(room);
}

PLAIN static void any_twice(int depth)
{
	any(depth - 1);
	any(depth - 2);
	AFTER();
}

PLAIN static void any_realigned(int depth)
{
	char line[128] __attribute__((aligned(128)));

	KEEP(line);
	any(depth - 1);
	KEEP(line);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
any_pointer(int depth)
{
	any(depth - 1);
	AFTER();
}

NOINLINE static void any(int depth)
{
	static void (*const kinds[])(int) = {any_plain,	    any_large,
					     any_alloca,    any_twice,
					     any_realigned, any_pointer};

	if (depth <= 0 || !random_number(6))
		hook();
	if (depth > 0)
		kinds[random_number(random_number(8) ? 4 : 6)](depth);
	AFTER();
}

static void random_calls(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		any(14);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
leaf_with_pointer(void)
{
	hook();
	AFTER();
}

PLAIN static void leaf_without(void)
{
	hook();
	AFTER();
}

PLAIN static void inner_alloca(void (*leaf)(void), int bytes)
{
	char *room = alloca(bytes);

	KEEP(room);
	leaf();
	KEEP(room);
}

PLAIN static void inner_realigned(void (*leaf)(void), int bytes)
{
	char line[256] __attribute__((aligned(256)));
	char *room = alloca(bytes);

	KEEP(line);
	KEEP(room);
	leaf();
	KEEP(line);
}

typedef void inner_fn(void (*leaf)(void), int bytes);

PLAIN static void outer_one(inner_fn *inner, void (*leaf)(void), int bytes,
			    int rest)
{
	char *room = alloca(bytes);

	KEEP(room);
	inner(leaf, rest);
	KEEP(room);
}

PLAIN static void outer_two(inner_fn *inner, void (*leaf)(void), int bytes,
			    int rest)
{
	char *room = alloca(bytes);

	KEEP(room);
	inner(leaf, rest);
	AFTER();
	KEEP(room);
}

typedef void outer_fn(inner_fn *inner, void (*leaf)(void), int bytes, int rest);

/* The inner frames stand where they stood, what called them does not, and the
 * old return address is still where it was, in room that nobody wrote to. All
 * by one call, so that nothing further out tells. */
static void stale_words(void **state)
{
	static inner_fn *const inners[] = {inner_alloca, inner_realigned};
	static void (*const leaves[])(void) = {leaf_with_pointer, leaf_without};
	static outer_fn *const outers[] = {outer_one, outer_two};
	(void)state;

	for (volatile int i = 0; i < 4 * 32; i++) {
		int way = i & 1, sum = i & 2 ? 1024 : 512, a = 16 * (i / 4);

		for (volatile int leaf = 0; leaf < 4; leaf++)
			for (volatile int k = 0; k < 4; k++)
				outers[way ^ (k & 1)](inners[leaf / 2],
						      leaves[leaf & 1],
						      k & 2 ? sum - a : a,
						      k & 2 ? a : sum - a);
	}
}

/* The same with frames that realign: only the word that they keep their CFA
 * in tells. */
static void stale_realigned(void **state)
{
	static outer_fn *const outers[] = {outer_one, outer_two};
	static void (*const leaves[])(void) = {leaf_with_pointer, leaf_without};
	(void)state;

	for (volatile int i = 0; i < 200; i++)
		outers[i & 1](inner_realigned, leaves[i / 100],
			      16 * (i * 7 % 20), 512);
}

static void allocates_nothing(void **state)
{
	size_t before;
	(void)state;

	deeper(1);
	before = mallinfo2().uordblks;
	for (int i = 0; i < 10; i++)
		recurse(i);
	assert_int_equal(mallinfo2().uordblks, before);
}

/* Interrupted where it stands: no frame, and no call to subtract one from. */
void stack_test_trap(void);
void stack_test_rbx(void (*callback)(void));
void stack_test_bare(void (*callback)(void));
void stack_test_outermost(void (*callback)(void));
__asm__(".text\n"
	".type stack_test_trap, @function\n"
	"stack_test_trap: .cfi_startproc\n"
	"	ud2\n"
	"	ret\n"
	"	.cfi_endproc\n"
	/* A CFA that rules do not know, as in the loader's trampoline. */
	".type stack_test_rbx, @function\n"
	"stack_test_rbx: .cfi_startproc\n"
	"	push %rbx\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbx, -16\n"
	"	mov %rsp, %rbx\n"
	"	.cfi_def_cfa_register %rbx\n"
	"	and $-256, %rsp\n"
	"	call *%rdi\n"
	"	mov %rbx, %rsp\n"
	"	.cfi_def_cfa_register %rsp\n"
	"	pop %rbx\n"
	"	.cfi_def_cfa_offset 8\n"
	"	ret\n"
	"	.cfi_endproc\n"
	/* Nothing but the chain of frame pointers. */
	".type stack_test_bare, @function\n"
	"stack_test_bare:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	sub $48, %rsp\n"
	"	call *%rdi\n"
	"	leave\n"
	"	ret\n"
	/* As if nothing had called it, which only a 0 says. */
	".type stack_test_outermost, @function\n"
	"stack_test_outermost: .cfi_startproc\n"
	"	pop %rax\n"
	"	push $0\n"
	"	push %rax\n"
	"	.cfi_def_cfa_offset 16\n"
	"	call *%rdi\n"
	"	pop %rax\n"
	"	.cfi_def_cfa_offset 8\n"
	"	mov %rax, (%rsp)\n"
	"	ret\n"
	"	.cfi_endproc\n");

static void on_trap(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	on_signal(signal, info, context);
	uc->uc_mcontext.gregs[REG_RIP] += 2;
}

static void traps(void **state)
{
	(void)state;
	handle(SIGILL, 0, on_trap);
	stack_test_trap();
	stack_test_trap();
}

static void on_signal_rbx(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)info, (void)context;
	stack_test_rbx(hook);
}

static void unknown_rules(void **state)
{
	(void)state;
	handle(SIGUSR1, 0, on_signal_rbx);
	raise(SIGUSR1);
	stack_test_rbx(hook);
	stack_test_rbx(hook);
	assert_true(last_n > 3);
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) static void
hook_alone(void)
{
	last = capture(__builtin_frame_address(0));
}

static uint32_t parent(uint32_t id)
{
	return depot_frame(id).parent;
}

/* libunwind itself goes astray here. */
static void no_rules(void **state)
{
	uint32_t here;
	(void)state;

	hook();
	here = last;
	stack_test_bare(hook_alone);
	assert_int_equal(parent(parent(last)), parent(here));
	stack_test_bare(hook_alone);
	assert_int_equal(parent(parent(last)), parent(here));
}

/* Code whose return address is remembered where 0 would be (memo.h). */
static void *code_beside_nothing(void)
{
	static const uint8_t code[] = {
		0x55,		  /* push %rbp */
		0x48, 0x89, 0xe5, /* mov %rsp, %rbp */
		0xff, 0xd7,	  /* call *%rdi */
		0x5d, 0xc3,	  /* pop %rbp; ret */
	};
	char *room = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	while (memo_place(memo, (uintptr_t)room + 6) != memo->place)
		room++;
	return memcpy(room, code, sizeof code);
}

__attribute__((optimize("no-omit-frame-pointer"))) static void
returns_to_nothing(void **state)
{
	void (*beside)(void (*)(void)) = code_beside_nothing();
	(void)state;

	stack_test_outermost(hook_alone);
	assert_int_equal(parent(last), 0);
	beside(hook_alone);
	module_generation++;
	stack_test_outermost(hook_alone);
	assert_int_not_equal(last, 0);
	assert_int_equal(parent(last), 0);
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

static int every_test_called(void **state)
{
	(void)state;
	return hooks < 1000;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_frames),
		cmocka_unit_test(outer_frames),
		cmocka_unit_test(glibc_agrees),
		cmocka_unit_test(alloca_frames),
		cmocka_unit_test(realigned_frames),
		cmocka_unit_test(callbacks_of_libc),
		cmocka_unit_test(signal_handlers),
		cmocka_unit_test(alternate_stacks),
		cmocka_unit_test(whole_thread_stacks),
		cmocka_unit_test(after_longjmp),
		cmocka_unit_test(fibers),
		cmocka_unit_test(unknown_bounds),
		cmocka_unit_test(deep_recursion),
		cmocka_unit_test(trees_stay_small),
		cmocka_unit_test(random_calls),
		cmocka_unit_test(stale_words),
		cmocka_unit_test(stale_realigned),
		cmocka_unit_test(allocates_nothing),
		cmocka_unit_test(traps),
		cmocka_unit_test(unknown_rules),
		cmocka_unit_test(no_rules),
		cmocka_unit_test(returns_to_nothing),
	};

	return cmocka_run_group_tests(tests, prepare, every_test_called);
}
