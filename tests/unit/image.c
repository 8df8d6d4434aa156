/*
 * The image of a heap, as a reader takes it that trusts nobody: a good one, and
 * all that a byte can make of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "heap/image.h"
#include "heap/islands.h"
#include "heap/whole.h"

static unsigned char made[4096];
static size_t made_n;

static void number(uint64_t n)
{
	for (; n > 127; n >>= 7)
		made[made_n++] = (unsigned char)(n | 128);
	made[made_n++] = (unsigned char)n;
}

static void text(const char *words)
{
	number(strlen(words));
	memcpy(made + made_n, words, strlen(words));
	made_n += strlen(words);
}

/* Words of a block: to the next one, and to the one before it. */
static void words(void)
{
	number(2); /* offset 0 */
	number(2); /* one further */
	number(0);
	number(10); /* offset 8 */
	number(1);  /* one back */
	number(1);  /* weak */
	number(0);
}

/* Four blocks: a root leads to the second, the others are a ring and what
 * nothing holds. */
static void make(void)
{
	made_n = 0;
	memcpy(made, "gordian-heap/1\n", 15);
	made_n = 15;
	number(4);
	number(0x1000), number(32), number(2), number(2 << 2 | 2), number(0);
	number(2), number(4), number(0), number(0);
	number(64), number(16), number(2), number(0), number(1);
	number(1), text("Club");
	words();
	number(64), number(8), number(1), number(2), number(3);
	number(1), number(0x40), number(2), text("4Club");
	words();
	number(64), number(0), number(0), number(1), number(2);
	number(1), number(10), number(1), number(6), number(3), text("['k']");
	number(0);
	number(2); /* Python */
	number(1), number(0), number(0), number(1), number(0x1234);
	number(1), number(1), number(0), number(2), number(0x99);
	text("run"), text("x.py"), number(7);
	number(0);
	number(1), number(0), number(0), number(0), number(0);
	number(1), number(0x50), number(1);
	number(1), number(1), number(2), number(1), number(0x1234);
	number(0), number(0x7fff), number(1);
	number(2), number(0), number(0x8007), number(3);
	number(0);
	number(3), text("/no/such/file"), text("\1\2\3"), text("python");
	text("");
	number(0x656e64);
}

static FILE *opened(size_t n)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(made, 1, n, file), n);
	rewind(file);
	return file;
}

static void good_one(void **state)
{
	FILE *file;
	struct image image;
	struct islands islands;

	(void)state;
	make();
	file = opened(made_n);
	assert_null(image_read(&image, file));
	assert_int_equal(image.blocks, 4);
	assert_int_equal(image.graph.nodes_n, 5);
	assert_int_equal(image.graph.edges_n, 6);
	assert_int_equal(image.states[0], IS_LEAKED);
	assert_int_equal(image.states[1], IS_HELD);
	assert_int_equal(image.states[2], IS_LEAKED);
	assert_int_equal(image.states[3], IS_SUSPECT);
	assert_int_equal(image.kinds_n, 4);
	assert_int_equal(image.callers_n, 2);
	assert_int_equal(image.words_n, 3);
	assert_int_equal(image.runs_n, 2);
	assert_int_equal(image.modules_n, 3);
	assert_string_equal(image.modules[1].build_id, "010203");
	islands = islands_find(&image);
	assert_int_equal(islands.n, 1);
	assert_int_equal(islands.heads[0], 1);
	free(islands.heads);
	image_free(&image);
	fclose(file);
}

/* NULL, or what is wrong. */
static const char *convert(size_t n)
{
	FILE *file = opened(n), *out = fopen("/dev/null", "w");
	const char *wrong;

	assert_non_null(out);
	wrong = heap_convert(file, out);
	fclose(out);
	fclose(file);
	return wrong;
}

static void cut_short(void **state)
{
	size_t n;

	(void)state;
	make();
	assert_null(convert(made_n));
	for (n = 0; n < made_n; n++)
		assert_non_null(convert(n));
}

static void any_byte(void **state)
{
	static const unsigned char values[] = {0, 1, 2, 3, 7, 127, 128, 255};
	size_t i, k;

	(void)state;
	make();
	for (i = 0; i < made_n; i++)
		for (k = 0; k < sizeof(values); k++) {
			unsigned char was = made[i];

			made[i] = values[k];
			convert(made_n);
			made[i] = was;
		}
}

static void any_bytes(void **state)
{
	unsigned turn, k;
	size_t i;

	(void)state;
	srandom(1);
	for (turn = 0; turn < 2000; turn++) {
		make();
		for (k = 0; k < 4; k++) {
			i = 15 + (size_t)random() % (made_n - 15);
			made[i] = (unsigned char)random();
		}
		convert(made_n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_one),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(any_byte),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
