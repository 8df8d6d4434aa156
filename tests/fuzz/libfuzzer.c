/*
 * The fuzzers with libFuzzer, which by itself would seldom come past the parser
 * of JSON: here a value somewhere in a line becomes another one.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t n, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t most,
			       unsigned seed);

static const struct fuzzer *fuzzer;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzzer = fuzzer_find(getenv("FUZZ"));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzzer_try(fuzzer, bytes, n);
	return 0;
}

static json_t *value_make(void)
{
	static const json_int_t numbers[] = {
		0,	   1,	       2,	  3,	    7,
		8,	   16,	       -1,	  -2,	    63,
		64,	   100,	       4095,	  65536,    INT32_MAX,
		INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN};
	static const char *const words[] = {"",
					    "0x1",
					    "/",
					    "a",
					    "weak",
					    "cycle",
					    "lost",
					    "interior",
					    "python",
					    "c++",
					    "\x1b[2J",
					    "</script>",
					    "a\nb\"';|{}<>\\ %s",
					    "\xe2\x80\xae",
					    "::",
					    "operator<",
					    "f(int)::{lambda()#1}",
					    "['k']",
					    "[0]"};

	switch (rand() % 8) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(rand() % 2);
	case 2:
		return json_array();
	case 3:
		return json_object();
	case 4:
		return json_real(1e300);
	case 5:
		return json_string(words[(size_t)rand() %
					 (sizeof(words) / sizeof(*words))]);
	default:
		return json_integer(
			numbers[(size_t)rand() %
				(sizeof(numbers) / sizeof(*numbers))]);
	}
}

/* An element somewhere in the value, and in what it is; NULL: there is none. */
static json_t *element_find(json_t *in, json_t **whole, const char **key,
			    size_t *index)
{
	json_t *found = NULL;
	void *at;
	size_t n;

	while (in) {
		n = json_is_array(in) ? json_array_size(in)
				      : json_object_size(in);
		if (!n || (found && !(rand() % 3)))
			return found;
		*whole = in;
		*index = (size_t)rand() % n;
		if (json_is_array(in)) {
			found = json_array_get(in, *index);
		} else {
			at = json_object_iter(in);
			for (n = *index; n; n--)
				at = json_object_iter_next(in, at);
			*key = json_object_iter_key(at);
			found = json_object_iter_value(at);
		}
		in = found;
	}
	return found;
}

static void value_change(json_t *record)
{
	const char *key, *other_key;
	json_t *whole, *other_whole, *value, *found, *other;
	size_t index, other_index;

	found = element_find(record, &whole, &key, &index);
	other = element_find(record, &other_whole, &other_key, &other_index);
	if (!found)
		return;
	value = rand() % 2 ? value_make() : json_deep_copy(other);
	if (!json_is_array(whole)) {
		if (rand() % 8)
			json_object_set_new(whole, key, value);
		else
			json_object_del(whole, key), json_decref(value);
	} else if (rand() % 4) {
		json_array_set_new(whole, index, value);
	} else if (rand() % 2) {
		json_array_insert_new(whole, index, value);
	} else {
		json_array_remove(whole, index);
		json_decref(value);
	}
}

/* Changes the line at that place. The new size of all, or 0. */
static size_t line_change(uint8_t *bytes, size_t n, size_t most, size_t at)
{
	const uint8_t *end = memchr(bytes + at, '\n', n - at);
	size_t length = end ? (size_t)(end - bytes) - at : n - at, now;
	json_t *record = json_loadb((char *)bytes + at, length, 0, NULL);
	char *text;

	if (!record)
		return 0;
	value_change(record);
	text = json_dumps(record, JSON_COMPACT);
	json_decref(record);
	now = text ? strlen(text) : 0;
	if (!now || n - length + now > most) {
		free(text);
		return 0;
	}
	memmove(bytes + at + now, bytes + at + length, n - at - length);
	memcpy(bytes + at, text, now);
	free(text);
	return n - length + now;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t n, size_t most,
			       unsigned seed)
{
	size_t at, changed = 0;

	srand(seed);
	if (fuzzer->is_json && n && rand() % 8) {
		at = (size_t)rand() % n;
		while (at && bytes[at - 1] != '\n')
			at--;
		changed = line_change(bytes, n, most, at);
	}
	return changed ? changed : LLVMFuzzerMutate(bytes, n, most);
}
