/* The interpreter of seccomp filters: instruction by instruction, and programs
 * that the kernel would not take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/filter.h"

#define N(program) (sizeof(program) / sizeof *(program))
#define RUN(program) filter_run(program, N(program), &data)
#define VALID(...)                                           \
	filter_is_valid((struct sock_filter[]){__VA_ARGS__}, \
			N(((struct sock_filter[]){__VA_ARGS__})))
#define RET(k) BPF_STMT(BPF_RET | BPF_K, k)
#define NR offsetof(struct seccomp_data, nr)

static struct seccomp_data data = {
	.nr = 57,
	.arch = 0xc000003e,
	.args = {1, 0x200000003, 3, 4, 5, 6},
};

/* What A holds after one instruction, with A and X as given. */
static uint32_t after(uint16_t code, uint32_t a, uint32_t x, uint32_t k)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LDX | BPF_IMM, x),
		BPF_STMT(BPF_LD | BPF_IMM, a),
		BPF_STMT(code, k),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	assert_true(filter_is_valid(program, N(program)));
	return RUN(program);
}

static void arithmetic(void **state)
{
	(void)state;
	assert_int_equal(after(BPF_ALU | BPF_ADD | BPF_K, 7, 0, 3), 10);
	assert_int_equal(after(BPF_ALU | BPF_ADD | BPF_X, 7, 4, 3), 11);
	assert_int_equal(after(BPF_ALU | BPF_SUB | BPF_K, 7, 0, 8), UINT32_MAX);
	assert_int_equal(after(BPF_ALU | BPF_MUL | BPF_X, 7, 6, 0), 42);
	assert_int_equal(after(BPF_ALU | BPF_DIV | BPF_K, 43, 0, 6), 7);
	assert_int_equal(after(BPF_ALU | BPF_DIV | BPF_X, 43, 0, 6), 0);
	assert_int_equal(after(BPF_ALU | BPF_AND | BPF_K, 12, 0, 10), 8);
	assert_int_equal(after(BPF_ALU | BPF_OR | BPF_X, 12, 3, 0), 15);
	assert_int_equal(after(BPF_ALU | BPF_XOR | BPF_K, 12, 0, 10), 6);
	assert_int_equal(after(BPF_ALU | BPF_LSH | BPF_K, 1, 0, 31), 1u << 31);
	assert_int_equal(after(BPF_ALU | BPF_RSH | BPF_X, 8, 2, 0), 2);
	assert_int_equal(after(BPF_ALU | BPF_NEG, 1, 0, 0), UINT32_MAX);
	assert_int_equal(after(BPF_MISC | BPF_TXA, 1, 9, 0), 9);
}

static void loads(void **state)
{
	struct sock_filter memory[] = {
		BPF_STMT(BPF_LD | BPF_IMM, 77),	 BPF_STMT(BPF_ST, 15),
		BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_STX, 0),
		BPF_STMT(BPF_LD | BPF_MEM, 15),	 BPF_STMT(BPF_RET | BPF_A, 0)};

	(void)state;
	assert_int_equal(after(BPF_LD | BPF_W | BPF_ABS, 0, 0, 0), 57);
	assert_int_equal(after(BPF_LD | BPF_W | BPF_ABS, 0, 0, 4), 0xc000003e);
	assert_int_equal(after(BPF_LD | BPF_W | BPF_ABS, 0, 0, 24), 3);
	assert_int_equal(after(BPF_LD | BPF_W | BPF_ABS, 0, 0, 28), 2);
	assert_int_equal(after(BPF_LD | BPF_W | BPF_LEN, 0, 0, 0), 64);
	assert_true(filter_is_valid(memory, N(memory)));
	assert_int_equal(RUN(memory), 77);
}

/* Which of two returns a jump comes to. */
static uint32_t jumps(uint16_t code, uint32_t a, uint32_t x, uint32_t k)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LDX | BPF_IMM, x),
		BPF_STMT(BPF_LD | BPF_IMM, a),
		BPF_JUMP(code, k, 1, 0),
		RET(0),
		RET(1),
	};

	assert_true(filter_is_valid(program, N(program)));
	return RUN(program);
}

static void branches(void **state)
{
	(void)state;
	assert_int_equal(jumps(BPF_JMP | BPF_JA, 0, 0, 1), 1);
	assert_int_equal(jumps(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 5), 1);
	assert_int_equal(jumps(BPF_JMP | BPF_JEQ | BPF_X, 5, 6, 5), 0);
	assert_int_equal(jumps(BPF_JMP | BPF_JGT | BPF_K, 5, 0, 5), 0);
	assert_int_equal(jumps(BPF_JMP | BPF_JGT | BPF_K, ~0u, 0, 5), 1);
	assert_int_equal(jumps(BPF_JMP | BPF_JGE | BPF_X, 5, 5, 0), 1);
	assert_int_equal(jumps(BPF_JMP | BPF_JSET | BPF_K, 5, 0, 4), 1);
	assert_int_equal(jumps(BPF_JMP | BPF_JSET | BPF_K, 5, 0, 2), 0);
}

/* As OpenSSH writes them: by the words of a number, an argument's low half. */
static void allow_list(void **state)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 1, 0),
		RET(SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 57, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 24),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 1),
		RET(SECCOMP_RET_ALLOW),
		RET(SECCOMP_RET_ERRNO | 13),
		RET(SECCOMP_RET_TRAP),
	};
	struct seccomp_data wanted = data;

	(void)state;
	assert_true(filter_is_valid(program, N(program)));
	assert_int_equal(RUN(program), SECCOMP_RET_ALLOW);
	data.args[1] = 4;
	assert_int_equal(RUN(program), SECCOMP_RET_ERRNO | 13);
	data.nr = 58;
	assert_int_equal(RUN(program), SECCOMP_RET_TRAP);
	data.arch = 0x40000003;
	assert_int_equal(RUN(program), SECCOMP_RET_KILL_PROCESS);
	data = wanted;
}

static void refused(void **state)
{
	(void)state;
	assert_true(VALID(RET(0)));
	assert_false(filter_is_valid(NULL, 0));
	assert_false(VALID(BPF_STMT(BPF_LD | BPF_IMM, 1)));
	assert_false(VALID(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), RET(0)));
	assert_false(VALID(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), RET(0)));
	assert_false(VALID(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), RET(0)));
	assert_false(VALID(BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), RET(0)));
	assert_false(VALID(BPF_STMT(BPF_ST, BPF_MEMWORDS), RET(0)));
	assert_false(VALID(BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 1, 0), RET(0)));
	assert_false(VALID(BPF_JUMP(BPF_JMP | BPF_JA, ~0u, 0, 0), RET(0)));
	assert_false(VALID(BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), RET(0)));
	assert_false(VALID(BPF_STMT(0xffff, 0), RET(0)));
}

static void strictness(void **state)
{
	(void)state;
	assert_int_equal(
		filter_stricter(SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | 1),
		SECCOMP_RET_ERRNO | 1);
	assert_int_equal(
		filter_stricter(SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP),
		SECCOMP_RET_KILL_THREAD);
	assert_int_equal(filter_stricter(SECCOMP_RET_KILL_THREAD,
					 SECCOMP_RET_KILL_PROCESS),
			 SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(
		filter_stricter(SECCOMP_RET_TRACE, SECCOMP_RET_USER_NOTIF),
		SECCOMP_RET_USER_NOTIF);
	assert_int_equal(filter_stricter(SECCOMP_RET_LOG, SECCOMP_RET_ALLOW),
			 SECCOMP_RET_LOG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arithmetic), cmocka_unit_test(loads),
		cmocka_unit_test(branches),   cmocka_unit_test(allow_list),
		cmocka_unit_test(refused),    cmocka_unit_test(strictness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
