/* Text put together in a buffer: numbers, JSON strings, and what does not
 * fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/text.h"

static char buffer[256];

static struct text *fresh(size_t room)
{
	static struct text t;

	memset(buffer, '#', sizeof buffer);
	t = (struct text){buffer, room, 0};
	buffer[0] = 0;
	return &t;
}

static const char *number(int64_t n)
{
	text_number(fresh(sizeof buffer), n);
	return buffer;
}

static const char *hex(uint64_t n)
{
	text_hex(fresh(sizeof buffer), n);
	return buffer;
}

static const char *json(const char *s)
{
	text_json(fresh(sizeof buffer), s);
	return buffer;
}

static void numbers(void **state)
{
	(void)state;
	assert_string_equal(number(0), "0");
	assert_string_equal(number(9), "9");
	assert_string_equal(number(10), "10");
	assert_string_equal(number(-1), "-1");
	assert_string_equal(number(INT64_MAX), "9223372036854775807");
	assert_string_equal(number(INT64_MIN), "-9223372036854775808");
	assert_string_equal(hex(0), "0");
	assert_string_equal(hex(0xdeadbeef), "deadbeef");
	assert_string_equal(hex(UINT64_MAX), "ffffffffffffffff");
}

static void texts_follow_each_other(void **state)
{
	struct text *t = fresh(sizeof buffer);

	(void)state;
	text_add(t, "a");
	text_add(t, "");
	text_number(t, 12);
	text_add(t, " 0x");
	text_hex(t, 255);
	text_json(t, "q");
	assert_string_equal(buffer, "a12 0xff\"q\"");
	assert_int_equal(t->used, strlen(buffer));
}

static void json_escapes(void **state)
{
	(void)state;
	assert_string_equal(json(""), "\"\"");
	assert_string_equal(json("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
	assert_string_equal(json("\n\t\x01\x1f"),
			    "\"\\u000a\\u0009\\u0001\\u001f\"");
	assert_string_equal(json("\x7f\xc3\xa9"), "\"\\u007f\xc3\xa9\"");
	assert_string_equal(json("\xff"), "\"\xff\""); /* the reader's task */
}

/* Every character, once. */
static void json_of_all_characters(void **state)
{
	char text[256], all[1024];
	struct text t = {all, sizeof all, 0};
	int i;

	(void)state;
	for (i = 1; i < 256; i++)
		text[i - 1] = i;
	text[255] = 0;
	text_json(&t, text);
	/* two quotes; 32 as \u00xx; two with a backslash; 221 as they are */
	assert_int_equal(t.used, 2 + 32 * 6 + 2 * 2 + 221);
	for (i = 0; i < (int)t.used; i++)
		assert_true((unsigned char)all[i] >= 0x20);
}

/* For every room: a beginning of the whole, ended, and nothing behind. */
static void what_does_not_fit(void **state)
{
	static const char whole[] =
		"begin-123456789012345fffff\"x\\\"\\u0007\"";
	size_t room, i;

	(void)state;
	for (room = 1; room < sizeof whole + 5; room++) {
		struct text *t = fresh(room);

		text_add(t, "begin");
		text_number(t, -123456789012345);
		text_hex(t, 0xfffff);
		text_json(t, "x\"\a");
		i = room < sizeof whole ? room - 1 : sizeof whole - 1;
		assert_int_equal(t->used, i);
		assert_memory_equal(buffer, whole, i);
		assert_int_equal(buffer[i], 0);
		for (i = room; i < sizeof buffer; i++)
			assert_int_equal(buffer[i], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(texts_follow_each_other),
		cmocka_unit_test(json_escapes),
		cmocka_unit_test(json_of_all_characters),
		cmocka_unit_test(what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
