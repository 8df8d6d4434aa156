/* Memory for what is allocated before there is an allocator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "heap/bootstrap.h"

#define N 400

static struct {
	unsigned char *at;
	size_t size;
} block[N];

static bool is_in_use(const void *p, size_t size)
{
	uintptr_t low, high;
	unsigned i;

	for (i = 0; bootstrap_range(i, &low, &high); i++)
		if ((uintptr_t)p >= low && (uintptr_t)p + size <= high)
			return true;
	return false;
}

static void is_right(unsigned i, size_t align)
{
	assert_non_null(block[i].at);
	assert_int_equal((uintptr_t)block[i].at % align, 0);
	assert_int_equal(bootstrap_size(block[i].at), block[i].size);
	assert_true(bootstrap_owns(block[i].at));
	assert_true(is_in_use(block[i].at, block[i].size));
}

static bool is_filled(const unsigned char *p, unsigned char c, size_t size)
{
	while (size && p[size - 1] == c)
		size--;
	return !size;
}

/* Each at its alignment, zeroed, and nobody else's: what is written to all of
 * it stays, and sizes, too. */
static void all_kinds(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < N; i++) {
		size_t align = 1ul << i % 17;

		block[i].size = i * 37 % (i % 50 ? 300 : 200000);
		block[i].at = bootstrap_alloc(align, block[i].size);
		is_right(i, align < 16 ? 16 : align);
		assert_true(is_filled(block[i].at, 0, block[i].size));
		memset(block[i].at, i, block[i].size);
	}
	for (i = 0; i < N; i++) {
		is_right(i, 16);
		assert_true(is_filled(block[i].at, i, block[i].size));
	}
}

static void what_is_too_much(void **state)
{
	(void)state;
	assert_null(bootstrap_alloc(16, SIZE_MAX));
	assert_null(bootstrap_alloc(16, SIZE_MAX - 40));
	assert_null(bootstrap_alloc(1ul << 62, SIZE_MAX / 2));
	assert_null(bootstrap_alloc(16, 1ul << 60));
	assert_non_null(bootstrap_alloc(16, 1)); /* it goes on */
}

static void of_others(void **state)
{
	char here;

	(void)state;
	assert_false(bootstrap_owns(&here));
	assert_false(bootstrap_owns(NULL));
	assert_false(bootstrap_owns((void *)-16l));
	assert_false(is_in_use(&here, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds),
		cmocka_unit_test(what_is_too_much),
		cmocka_unit_test(of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
