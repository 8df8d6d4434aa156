/* Tables of lines, as compilers of four versions of CPython have made them of
 * one function: every instruction has the line that the interpreter says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "stack/python_lines.h"

struct run {
	int line; /* 0: none */
	uint32_t units;
};

static const uint8_t table_9[] = {0, 2, 2, 1,	2, 1,	6, 254, 4, 3,  8, 1,
				  2, 1, 2, 1,	2, 255, 6, 3,	2, 1,  2, 255,
				  8, 1, 2, 255, 8, 127, 0, 127, 0, 48, 8, 1};
static const struct run runs_9[] = {{5, 1},  {6, 1},  {7, 3},	{5, 2},
				    {8, 4},  {9, 1},  {10, 1},	{11, 1},
				    {10, 3}, {13, 1}, {14, 1},	{13, 4},
				    {14, 1}, {13, 4}, {315, 4}, {316, 2}};

static const uint8_t table_10[] = {2, 2, 2, 1,	 6, 1,	 4, 254, 8, 3,	2, 1,
				   2, 1, 2, 1,	 6, 255, 2, 3,	 2, 1,	8, 255,
				   2, 1, 6, 255, 0, 127, 0, 127, 8, 48, 4, 1};
static const struct run runs_10[] = {{5, 1},  {6, 1},  {7, 3},	 {5, 2},
				     {8, 4},  {9, 1},  {10, 1},	 {11, 1},
				     {10, 3}, {13, 1}, {14, 1},	 {13, 4},
				     {14, 1}, {13, 3}, {315, 4}, {316, 2}};

static const uint8_t table_11[] = {
	128, 0,	  224, 9,   10,	 216, 9,   10,	221, 9,	  10,  136, 49,	 137,
	20,  140, 20,  240, 5,	 2,   9,   15,	128, 65,  240, 6,   0,	 14,
	15,  240, 0,   6,   5,	 19,  240, 0,	6,   5,	  19,  136, 1,	 240,
	2,   5,	  9,   19,  216, 17,  18,  216, 19,  20,  241, 3,   1,	 18,
	21,  136, 65,  245, 6,	 0,   13,  14,	216, 16,  17,  241, 3,	 1,
	13,  19,  244, 0,   1,	 13,  19,  240, 0,   1,	  13,  19,  240, 0,
	1,   13,  19,  248, 141, 65,  216, 16,	17,  241, 3,   1,   13,	 19,
	244, 0,	  1,   13,  19,	 240, 0,   1,	13,  19,  240, 0,   1,	 13,
	19,  248, 248, 248, 245, 92,  9,   0,	5,   6,	  128, 97,  129, 68,
	132, 68,  128, 68,  216, 11,  12,  128, 72};
static const struct run runs_11[] = {
	{3, 1},	 {5, 1},  {6, 1},  {7, 14}, {5, 2},    {8, 4},	{9, 1},
	{10, 1}, {11, 1}, {10, 3}, {13, 6}, {14, 1},   {13, 9}, {0, 1},
	{13, 6}, {14, 1}, {13, 9}, {0, 3},  {315, 15}, {316, 2}};

static const uint8_t table_13[] = {
	128, 0,	  224, 9,   10,	 216, 9,   10, 220, 9,	 10,  136, 49,	139,
	20,  240, 5,   2,   9,	 15,  128, 65, 243, 6,	 0,   14,  15,	136,
	1,   240, 2,   5,   9,	 19,  216, 17, 18,  216, 19,  20,  241, 3,
	1,   18,  21,  136, 65,	 244, 6,   0,  13,  14,	 216, 16,  17,	246,
	3,   1,	  13,  19,  241, 11,  0,   14, 15,  244, 102, 9,   0,	5,
	6,   128, 97,  132, 68,	 216, 11,  12, 128, 72,	 248, 244, 95,	9,
	0,   13,  14,  216, 16,	 17,  245, 3,  1,   13,	 19,  250};
static const struct run runs_13[] = {
	{3, 1},	   {5, 1},   {6, 1},  {7, 10}, {5, 2},	{8, 5},	 {9, 1},
	{10, 1},   {11, 1},  {10, 3}, {13, 5}, {14, 1}, {13, 7}, {8, 2},
	{315, 11}, {316, 2}, {0, 1},  {13, 5}, {14, 1}, {13, 6}, {0, 3}};

#define EACH(runs) (sizeof(runs) / sizeof *(runs))

static void check(const uint8_t *table, size_t n, uint32_t version,
		  const struct run *runs, size_t runs_n)
{
	uint32_t unit = 0, i;

	for (; runs_n--; runs++)
		for (i = 0; i < runs->units; i++)
			assert_int_equal(
				python_line(table, n, version, 3, unit++),
				runs->line);
}

static void every_instruction_has_its_line(void **state)
{
	(void)state;
	check(table_9, sizeof table_9, 0x309, runs_9, EACH(runs_9));
	check(table_10, sizeof table_10, 0x30a, runs_10, EACH(runs_10));
	check(table_11, sizeof table_11, 0x30b, runs_11, EACH(runs_11));
	check(table_13, sizeof table_13, 0x30d, runs_13, EACH(runs_13));
}

/* Wrong bytes give some line or none, and nothing beyond them is read. */
static void damage_is_survived(void **state)
{
	uint8_t *table = malloc(40);
	uint32_t round, i, version;

	(void)state;
	srand(7);
	for (round = 0; round < 20000; round++) {
		size_t n = round % 41;
		uint8_t *end = table + 40 - n;

		for (i = 0; i < n; i++)
			end[i] = rand() >> 4;
		version = 0x309 + round % 6;
		assert_true(python_line(end, n, version, rand() % 9 - 4,
					rand() % 99) >= 0);
	}
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_instruction_has_its_line),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
