/* See cpython_text.h. */
#include <stdbool.h>
#include "base/text.h"
#include "runtimes/cpython_layout.h"
#include "runtimes/cpython_text.h"
#include "scan/fault.h"

#define NAME_BYTES 200

static void add_bytes(struct text *text, uintptr_t at, size_t n)
{
	char bytes[NAME_BYTES];

	if (n > sizeof bytes - 1)
		n = sizeof bytes - 1;
	fault_copy(bytes, at, n);
	bytes[n] = 0;
	text_add(text, bytes);
}

/* One character as UTF-8. */
static void add_char(struct text *text, uint32_t c)
{
	char s[5] = {0};

	if (c < 0x80) {
		s[0] = (char)c;
	} else if (c < 0x800) {
		s[0] = (char)(0xc0 | c >> 6);
		s[1] = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		s[0] = (char)(0xe0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 63));
		s[2] = (char)(0x80 | (c & 63));
	} else {
		s[0] = (char)(0xf0 | (c >> 18 & 7));
		s[1] = (char)(0x80 | (c >> 12 & 63));
		s[2] = (char)(0x80 | (c >> 6 & 63));
		s[3] = (char)(0x80 | (c & 63));
	}
	text_add(text, s);
}

static void add_wide(struct text *text, uintptr_t at, size_t n, uint32_t kind)
{
	uint32_t c;
	size_t i;

	for (i = 0; i < n && i < NAME_BYTES / 4; i++) {
		c = 0;
		fault_copy(&c, at + i * kind, kind);
		add_char(text, c);
	}
}

bool cpython_add_str(struct text *text, uintptr_t str)
{
	uint32_t ascii = cpython.minor < 12 ? 48 : 40;
	uint32_t compact = cpython.minor < 12 ? 72 : 56;
	uint64_t state, n;

	if (word_of(str, OBJECT_TYPE) != cpython.leaf[0])
		return false;
	n = word_at(str + STR_LENGTH);
	state = word_at(str + STR_STATE);
	/* interned: 2, kind: 3, compact: 1, ascii: 1 */
	if (!(state >> 5 & 1))
		return false;
	if (state >> 6 & 1)
		add_bytes(text, str + ascii, n);
	else
		add_wide(text, str + compact, n, state >> 2 & 7);
	return true;
}

void cpython_add_type(struct text *text, uintptr_t type)
{
	add_bytes(text, word_of(type, TYPE_NAME), NAME_BYTES - 1);
}

bool cpython_add_function(struct text *text, uintptr_t function)
{
	return word_of(function, OBJECT_TYPE) == cpython.function &&
	       cpython_add_str(text, word_at(function +
					     (cpython.minor < 10 ? 104 : 40)));
}

struct run {
	void (*f)(void *);
	void *data;
};

static void run_low(uintptr_t low, uintptr_t high, void *data)
{
	const struct run *run = data;

	(void)low;
	(void)high;
	run->f(run->data);
}

void cpython_run(void (*f)(void *data), void *data)
{
	struct run run = {f, data};

	fault_run(4096, FAULT_ADDRESSES, run_low, &run);
}
