/* Which places are watched for growth. */
#include "heap-make.h"
#include "snapshot/growing_table.h"
#include "stack/depot_node.h"

static struct growing_table tables[2];

static void next_scan(void)
{
	growing_table_next(&tables[0], &tables[1], false);
	tables[0] = tables[1];
}

static uint32_t count_of(uint32_t stack)
{
	uint32_t i;

	for (i = 0; i < tables[0].n; i++)
		if (tables[0].place[i].stack == stack)
			return tables[0].place[i].growth.count[GROWTH_SCANS];
	return 0;
}

static void by_stack(void)
{
	uintptr_t i;

	for (i = 0; i < 6; i++)
		block_of(room + HERE + 64 * i, 32, stack(i % 2));
	CHECK_EQUAL(blocks_build(NULL), 0);
	next_scan();
	CHECK_EQUAL(tables[0].n, 2);
	CHECK_EQUAL(count_of(stack(0)), 3);
	CHECK_EQUAL(count_of(stack(1)), 3);
	blocks_of_stack[stack(1)] = 5;
	next_scan();
	CHECK_EQUAL(count_of(stack(1)), 5);
	CHECK_EQUAL(tables[0].scans, 2);
}

/* What could not be told apart is no place. */
static void unknown_stacks(void)
{
	uintptr_t i;

	for (i = 0; i < 6; i++)
		block_of(room + HERE + 64 * i, 32,
			 i ? DEPOT_UNKNOWN : stack(0));
	CHECK_EQUAL(blocks_build(NULL), 0);
	next_scan();
	CHECK_EQUAL(tables[0].n, 1);
	CHECK_EQUAL(count_of(stack(0)), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(by_stack),
		IN_CHILD(unknown_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
