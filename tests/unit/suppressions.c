/*
 * Patterns match as LeakSanitizer's do, and its files are read as it reads
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "known/pattern.h"
#include "known/suppressions.h"

static void patterns_match(void **state)
{
	static const char *const pairs[][2] = {
		{"bar", "bar"},
		{"bar", "foobarbaz"},
		{"*bar*", "foobarbaz"},
		{"foo*baz", "foobarbaz"},
		{"foo*bar", "foobar"},
		{"a*b*c", "1a2b3c4"},
		{"^foo", "foobar"},
		{"^*bar", "foobar"},
		{"bar$", "foobar"},
		{"^foobar$", "foobar"},
		{"bar*$", "foobarbaz"},
		{"^a*c$", "abc"},
		{"bar$ignored", "foobar"},
		{"", "x"},
		{"^", "x"},
		{"*", "x"},
		{"a.b", "xa.by"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (!pattern_matches(pairs[i][0], pairs[i][1]))
			fail_msg("'%s' is not in '%s'", pairs[i][0],
				 pairs[i][1]);
}

static void patterns_do_not_match(void **state)
{
	static const char *const pairs[][2] = {
		{"bar", "baz"},
		{"bar", ""},
		{"", ""},
		{"*", ""},
		{"foobar", "foo"},
		{"foo*bar", "foobaz"},
		{"bar*foo", "foobar"},
		{"^bar", "foobar"},
		{"foo$", "foobar"},
		{"^foo$", "foofoo"},
		{"^^foo", "foo"},
		{"a*b*c", "acb"},
		{"a.b", "axb"},
		{"ab$", "abab"}, /* where it is met first, as there */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pattern_matches(pairs[i][0], pairs[i][1]))
			fail_msg("'%s' is in '%s'", pairs[i][0], pairs[i][1]);
	assert_false(pattern_matches("x", NULL));
	assert_false(pattern_matches(NULL, "x"));
}

/* Reads a text; returns the line that is refused, or 0. */
static uint32_t text_read(struct suppressions *all, const char *bytes, size_t n,
			  char **copy)
{
	const char *why;
	uint32_t line;

	*all = (struct suppressions){0};
	*copy = malloc(n + 1);
	assert_non_null(*copy);
	memcpy(*copy, bytes, n);
	(*copy)[n] = '\0';
	line = suppressions_read(all, "x", *copy, n, &why);
	assert_true(!line == !why);
	return line;
}

static void lines_are_read(void **state)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "  \t leak:operator new(unsigned long) \r\n"
				   "leak:a max=b\n"
				   "leak:#x\n"
				   "cycle:app::Club.member*\n"
				   "\t# another\n"
				   "cycle:paper *[3]   max=10\t\n"
				   "leak:last";
	static const struct suppression want[] = {
		{SUPPRESSES_LEAKS, "operator new(unsigned long)", .line = 3},
		{SUPPRESSES_LEAKS, "a max=b", .line = 4},
		{SUPPRESSES_LEAKS, "#x", .line = 5},
		{SUPPRESSES_CYCLES, "app::Club.member*", .line = 6},
		{SUPPRESSES_CYCLES, "paper *[3]", true, 10, .line = 8},
		{SUPPRESSES_LEAKS, "last", .line = 9},
	};
	struct suppressions all;
	char *copy;
	size_t i;

	(void)state;
	assert_int_equal(text_read(&all, text, strlen(text), &copy), 0);
	assert_int_equal(all.n, sizeof(want) / sizeof(*want));
	for (i = 0; i < all.n; i++) {
		assert_int_equal(all.list[i].what, want[i].what);
		assert_string_equal(all.list[i].pattern, want[i].pattern);
		assert_int_equal(all.list[i].is_limited, want[i].is_limited);
		assert_int_equal(all.list[i].max, want[i].max);
		assert_int_equal(all.list[i].line, want[i].line);
	}
	free(all.list);
	free(copy);
}

static void lines_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} texts[] = {
		{"leak:x\nx", 8},
		{"\nLEAK:x\n", 8},
		{"leak:x\nleak :x\n", 15},
		{"\nleak:a\0b\n", 10},
		{"\n{\n   <insert_a_suppression_name_here>\n", 39},
		{"#\ncycle:x max=99999999999999999999999\n", 38},
	};
	struct suppressions all;
	char *copy;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(
			text_read(&all, texts[i].text, texts[i].n, &copy), 2);
		free(all.list);
		free(copy);
	}
}

/* Whatever the bytes are, the end is not overrun. */
static void any_bytes_are_read(void **state)
{
	static const char letters[] = "leak:cyc#^$* \t\r\nmax=19\0\xff";
	struct suppressions all;
	unsigned seed = 1, round;
	char bytes[64], *copy;
	size_t i, k, n;

	(void)state;
	for (round = 0; round < 20000; round++) {
		n = seed >> 16 & 63;
		for (i = 0; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			bytes[i] = letters[(seed >> 16) % sizeof(letters)];
		}
		memcpy(bytes, "leak:", n < 5 ? n : round & 1 ? 5 : 0);
		text_read(&all, bytes, n, &copy);
		for (i = 0; i < all.n; i++)
			for (k = 0; k < n; k++)
				(void)pattern_matches(all.list[i].pattern,
						      copy + k);
		free(all.list);
		free(copy);
		seed = seed * 1103515245u + 12345u;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match),
		cmocka_unit_test(patterns_do_not_match),
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(lines_are_refused),
		cmocka_unit_test(any_bytes_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
