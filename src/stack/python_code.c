/*
 * See python_code.h. Codes are never forgotten. The newest at an address comes
 * first in its chain. The table is read without the lock by the scan's child.
 */
#include <string.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/lock.h"
#include "base/text.h"
#include "stack/python_code.h"
#include "stack/python_layout.h"
#include "stack/python_lines.h"

#define CHUNK 1024u
#define HEADS 4096u /* a power of two */
#define TEXT_MAX 1024u
#define LINES_MAX (64u << 10)

struct python_code {
	struct python_code_key key;
	uint32_t next; /* in the chain; 0 ends it */
	uint32_t lines_n;
	const char *function, *file;
	const uint8_t *lines;
};

static struct python_code *chunks[PYTHON_CODES_MAX / CHUNK] LARGE;
static uint32_t heads[HEADS] LARGE;
static uint32_t count = 1; /* number 0 is none */
static uint32_t version;
static struct lock lock = LOCK_INIT(LOCK_PYTHON);
static struct arena arena;

static uintptr_t word_at(uintptr_t at)
{
	return *(const volatile uintptr_t *)at;
}

static struct python_code *code_at(uint32_t number)
{
	return &chunks[number / CHUNK][number % CHUNK];
}

static uint32_t *head_of(uintptr_t code)
{
	return &heads[(code >> 4) * 0x9e3779b97f4a7c15u >> 52];
}

struct python_code_key python_code_key(const struct python_layout *layout,
				       uintptr_t code)
{
	return (struct python_code_key){
		.code = code,
		.name = word_at(code + layout->name),
		.file = word_at(code + layout->file),
		.lines = word_at(code + layout->lines),
		.first = *(const volatile int32_t *)(code + layout->first),
	};
}

static bool is_same(const struct python_code_key *a,
		    const struct python_code_key *b)
{
	return a->code == b->code && a->name == b->name && a->file == b->file &&
	       a->lines == b->lines && a->first == b->first;
}

static uint32_t find(const struct python_code_key *key)
{
	uint32_t number = __atomic_load_n(head_of(key->code), __ATOMIC_ACQUIRE);

	while (number && !is_same(&code_at(number)->key, key))
		number = code_at(number)->next;
	return number;
}

/* One character as UTF-8. */
static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = 0xc0 | c >> 6;
		out[1] = 0x80 | (c & 63);
		return 2;
	}
	if (c < 0x10000) {
		out[0] = 0xe0 | c >> 12;
		out[1] = 0x80 | (c >> 6 & 63);
		out[2] = 0x80 | (c & 63);
		return 3;
	}
	out[0] = 0xf0 | (c >> 18 & 7);
	out[1] = 0x80 | (c >> 12 & 63);
	out[2] = 0x80 | (c >> 6 & 63);
	out[3] = 0x80 | (c & 63);
	return 4;
}

static uint32_t read_character(const void *data, uint32_t kind, size_t i)
{
	if (kind == 1)
		return ((const uint8_t *)data)[i];
	if (kind == 2)
		return ((const uint16_t *)data)[i];
	return ((const uint32_t *)data)[i];
}

/* Copies text of the interpreter's. NULL when it is none, or memory is short.
 * Half of a surrogate pair stands for a byte of a file name that is no text. */
static const char *copy_text(const struct python_layout *layout, uintptr_t text)
{
	uint32_t state, kind;
	const void *data;
	size_t n, i, used = 0;
	char *copy;

	if (!text || word_at(text + 8) != layout->text_type)
		return NULL;
	state = *(const uint32_t *)(text + 32);
	kind = state >> 2 & 7;
	n = word_at(text + 16);
	if (!(state >> 5 & 1) || (kind != 1 && kind != 2 && kind != 4))
		return NULL;
	data = (const void *)(text +
			      (state >> 6 & 1 ? layout->ascii : layout->wide));
	n = n < TEXT_MAX ? n : TEXT_MAX;
	copy = arena_alloc(&arena,
			   n * (kind == 1 && state >> 6 & 1 ? 1 : 4) + 1);
	for (i = 0; copy && i < n; i++) {
		uint32_t c = read_character(data, kind, i);

		used += put_utf8(copy + used, c - 0xd800 < 0x800 ? '?' : c);
	}
	return copy;
}

static void copy_lines(const struct python_layout *layout,
		       struct python_code *code)
{
	size_t n = word_at(code->key.lines + 16);
	uint8_t *copy;

	if (n > LINES_MAX)
		return;
	copy = arena_alloc(&arena, n + 1);
	if (!copy)
		return;
	memcpy(copy, (const void *)(code->key.lines + layout->bytes), n);
	code->lines = copy;
	code->lines_n = n;
}

/* Under the lock. */
static uint32_t add(const struct python_layout *layout,
		    const struct python_code_key *key)
{
	struct python_code **chunk = &chunks[count / CHUNK], *code;
	const char *function, *file;

	if (count >= PYTHON_CODES_MAX ||
	    word_at(key->code + 8) != layout->code_type)
		return 0;
	function = copy_text(layout, key->name);
	file = copy_text(layout, key->file);
	if (!*chunk)
		*chunk = arena_map(CHUNK * sizeof **chunk);
	if (!*chunk || !function || !file || !key->lines)
		return 0;
	code = code_at(count);
	*code = (struct python_code){.key = *key,
				     .next = *head_of(key->code),
				     .function = function,
				     .file = file};
	copy_lines(layout, code);
	version = layout->version;
	__atomic_store_n(head_of(key->code), count, __ATOMIC_RELEASE);
	return count++;
}

uint32_t python_code_number(const struct python_layout *layout,
			    const struct python_code_key *key)
{
	uint32_t number = find(key);

	if (number)
		return number;
	lock_take(&lock);
	number = find(key);
	if (!number)
		number = add(layout, key);
	lock_drop(&lock);
	return number;
}

static const struct python_code *code_of(uintptr_t address)
{
	uintptr_t number = address >> PYTHON_UNIT_BITS;

	return number && number < count ? code_at(number) : NULL;
}

struct python_place python_place(uintptr_t address)
{
	const struct python_code *code = code_of(address);
	struct python_place place = {.function = "?", .file = "?"};

	if (!code)
		return place;
	place.function = code->function;
	place.file = code->file;
	place.first = code->key.first > 0 ? code->key.first : 0;
	place.line = python_line(code->lines, code->lines_n, version,
				 code->key.first,
				 address & ((1u << PYTHON_UNIT_BITS) - 1));
	return place;
}

uint64_t python_place_hash(uintptr_t address)
{
	struct python_place place = python_place(address);
	uint64_t hash = text_hash(TEXT_HASH, place.file);

	hash = text_hash(hash, place.function);
	hash ^= (uint64_t)place.first << 32;
	return hash ^ (address & ((1u << PYTHON_UNIT_BITS) - 1));
}

void python_code_fork_prepare(void)
{
	lock_take(&lock);
}

void python_code_fork_done(void)
{
	lock_drop(&lock);
}
