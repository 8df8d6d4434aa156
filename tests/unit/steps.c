/*
 * Steps of a path, folded: unfolded again they are as they were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "evidence/steps.h"

#define MOST 5000

/* A step is told by a letter: its offset and its stack. */
static struct path_step step_of(char letter, uint32_t i)
{
	uintptr_t block = 0x1000ul * (i + 1);

	return (struct path_step){
		.from = i ? block - 0x1000 : 0,
		.at = i ? block - 0x1000 + (letter & 31) * 8 : 0x10,
		.word = block,
		.block = block,
		.size = 64,
		.stack = letter & 31,
	};
}

static char letter_of(const struct path_step *step)
{
	return (char)('`' + step->stack);
}

static void fold(struct steps *steps, const char *letters)
{
	uint32_t i;

	memset(steps, 0, sizeof *steps);
	for (i = 0; letters[i]; i++) {
		struct path_step step = step_of(letters[i], i);

		steps_add(steps, &step);
	}
	steps_end(steps);
	assert_int_equal(steps->total, strlen(letters));
	assert_true(steps->n <= STEPS_MAX);
}

static void unfold(const struct steps *steps, char *letters)
{
	uint32_t i = 0, k;
	uint64_t times;

	while (i < steps->n) {
		uint32_t n = steps->list[i].times ? steps->list[i].period : 1;

		times = steps->list[i].times ? steps->list[i].times : 1;
		assert_true(i + n <= steps->n);
		while (times--)
			for (k = 0; k < n; k++)
				*letters++ = letter_of(&steps->list[i + k]);
		i += n;
	}
	*letters = 0;
}

static void expect(const char *letters, uint32_t n)
{
	static struct steps steps;
	static char again[MOST + 1];

	fold(&steps, letters);
	unfold(&steps, again);
	assert_string_equal(again, letters);
	assert_int_equal(steps.n, n);
}

static void repeated_ones(void **state)
{
	(void)state;
	expect("", 0);
	expect("a", 1);
	expect("abb", 3);
	expect("abbb", 2);
	expect("abbbbbbbbbbbbbbbbbbbbbbbbbbc", 3);
	expect("abcbcbc", 3);
	expect("abcbcbcb", 4);
	expect("abcbcbcd", 4);
	expect("abcdabcdabcdabcd", 8); /* the root is no repetition */
	expect("zabcdabcdabcdabcdx", 6);
	expect("zaaabaaabaaab", 7);
}

/* Runs of runs, of which little has to be left out. */
static void random_ones(void **state)
{
	static struct steps steps;
	static char letters[MOST + 1], again[MOST + 1];
	uint32_t turn, n, k, length, times;

	(void)state;
	srandom(1);
	for (turn = 0; turn < 3000; turn++) {
		for (n = 0; n < 200;) {
			length = 1 + (uint32_t)random() % 5;
			times = 1 + (uint32_t)random() % 6;
			for (k = 0; k < length; k++)
				letters[n + k] = (char)('a' + random() % 3);
			for (k = length; k < length * times; k++)
				letters[n + k] = letters[n + k - length];
			n += length * times;
		}
		n = (uint32_t)random() % 200;
		letters[n] = 0;
		fold(&steps, letters);
		if (steps.omitted)
			continue;
		unfold(&steps, again);
		assert_string_equal(again, letters);
	}
}

/* What is left out is counted, and both ends are there. */
static void long_ones(void **state)
{
	static struct steps steps;
	static char letters[MOST + 1];
	uint64_t shown = 0;
	uint32_t i;

	(void)state;
	srandom(2);
	for (i = 0; i < MOST; i++)
		letters[i] = (char)('a' + random() % 20);
	letters[MOST] = 0;
	fold(&steps, letters);
	assert_true(steps.omitted > 0);
	assert_true(steps.omitted_at >= STEPS_HEAD);
	for (i = 0; i < steps.n; i++)
		shown += steps.list[i].times ? steps.list[i].times : 1;
	assert_int_equal(shown + steps.omitted, MOST);
	for (i = 0; i < 20; i++) {
		assert_int_equal(letter_of(&steps.list[i]), letters[i]);
		assert_int_equal(letter_of(&steps.list[steps.n - 1 - i]),
				 letters[MOST - 1 - i]);
	}
}

static void lists_of_several_stacks(void **state)
{
	static struct steps steps;
	uint32_t i;

	(void)state;
	memset(&steps, 0, sizeof steps);
	for (i = 0; i < 1000; i++) {
		struct path_step step = step_of('a', i);

		step.stack = i % 7;
		steps_add(&steps, &step);
	}
	steps_end(&steps);
	assert_int_equal(steps.n, 2);
	assert_int_equal(steps.list[1].times, 999);
	assert_true(steps.list[1].mixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeated_ones),
		cmocka_unit_test(random_ones),
		cmocka_unit_test(long_ones),
		cmocka_unit_test(lists_of_several_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
