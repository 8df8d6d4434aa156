/* Sorting is right and stable at every length; sets hold each key once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/rows.h"
#include "base/keys.h"
#include "base/sort.h"

#define N 3000u

/* Scattered keys, many of them equal. */
static uint64_t key_of(uint32_t i, uint32_t kinds)
{
	return (i * 2654435761u >> 7) % kinds * 0x8000000000000001u;
}

static void sorts_every_length(void **state)
{
	static struct item items[N], scratch[N];
	static uint8_t seen[N];
	uint32_t i, n;

	(void)state;
	for (n = 0; n <= N; n += n < 300 ? 1 : 300) {
		for (i = 0; i < n; i++) {
			items[i] = (struct item){key_of(i, 1 + n / 4), i};
			seen[i] = 0;
		}
		sort_items(items, scratch, n);
		for (i = 0; i < n; i++) {
			assert_true(items[i].key ==
				    key_of(items[i].value, 1 + n / 4));
			assert_int_equal(seen[items[i].value]++, 0);
			if (!i)
				continue;
			assert_true(items[i - 1].key <= items[i].key);
			if (items[i - 1].key == items[i].key)
				assert_true(items[i - 1].value <
					    items[i].value);
		}
	}
}

/* Space follows the distinct keys, not the calls. */
static void keys_are_distinct(void **state)
{
	struct keys keys = {0};
	struct arena arena = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_int_equal(keys_add(&keys, &arena, (i * 7) % 1000), 0);
	assert_in_range(keys.space, 1000, 2048);
	keys_settle(&keys);
	assert_int_equal(keys.n, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(keys.items[i].key, i);
}

struct row {
	uint64_t key;
	uint32_t value;
	uint64_t more;
};

static void rows_are_sorted_and_found(void **state)
{
	static struct row rows[N];
	uint32_t i, n, at;

	(void)state;
	for (n = 0; n <= N; n += n < 100 ? 1 : 1450) {
		for (i = 0; i < n; i++)
			rows[i] = (struct row){key_of(i, 1 + n / 4), i, ~i};
		rows_sort(rows, sizeof *rows, n);
		for (i = 0; i < n; i++) {
			uint64_t key = rows[i].key;

			assert_true(key == key_of(rows[i].value, 1 + n / 4));
			assert_true(rows[i].more == ~rows[i].value);
			assert_true(!i || rows[i - 1].key <= key);
			at = rows_find(rows, sizeof *rows, n, key);
			assert_true(rows[at].key == key);
			assert_true(!at || rows[at - 1].key < key);
		}
		assert_int_equal(rows_find(rows, sizeof *rows, n, UINT64_MAX),
				 n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_every_length),
		cmocka_unit_test(keys_are_distinct),
		cmocka_unit_test(rows_are_sorted_and_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
