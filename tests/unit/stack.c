/*
 * Captured stacks against libunwind's, in every kind of frame that is known
 * to be hard. Both are interned, and the ids compared: a wrong, missing or
 * additional frame makes another id.
 */
#include <alloca.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "captured.h"
#include "stack/depot.h"
#include "stack/memo.h"
#include "stack/module.h"

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

/* The last one: the hook was called, and often. */
static void hook_was_called(void **state)
{
	(void)state;
	assert_in_range(hooks, 500, UINT32_MAX);
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
		cmocka_unit_test(traps),
		cmocka_unit_test(unknown_rules),
		cmocka_unit_test(no_rules),
		cmocka_unit_test(returns_to_nothing),
		cmocka_unit_test(hook_was_called),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
