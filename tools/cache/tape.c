/*
 * See tape.h. Texts are on a strip of their own, each once.
 */
#include <stdlib.h>
#include <string.h>

#include "cache/tape.h"
#include "common/die.h"
#include "common/hash.h"
#include "common/room.h"
#include "model/model.h"
#include "symbols/place.h"

#define MAGIC 0x3130656863616b67ull /* "gkache01" */

struct head {
	uint64_t magic, key, sum, numbers_n, texts_n;
};

struct tape tape_new(struct report *report, uint64_t key)
{
	return (struct tape){.mode = TAPE_WRITES, .report = report, .key = key};
}

/* Of all but the head's magic and sum. */
static uint64_t sum_of(const struct tape *tape)
{
	uint64_t sum = hash_bytes(HASH_FIRST, &tape->key, sizeof(tape->key));

	sum = hash_bytes(sum, tape->numbers,
			 tape->numbers_n * sizeof(*tape->numbers));
	return hash_bytes(sum, tape->texts, tape->texts_n);
}

static void *copy_of(const char *bytes, size_t n)
{
	void *copy = malloc(n + !n);

	if (!copy)
		die(STATUS_FAILED, "out of memory");
	return memcpy(copy, bytes, n);
}

bool tape_load(struct tape *tape, struct report *report, uint64_t key,
	       const char *bytes, size_t n)
{
	struct head head;
	size_t rest = n - sizeof(head);

	if (n < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (head.magic != MAGIC || head.key != key ||
	    head.numbers_n > rest / sizeof(*tape->numbers) ||
	    head.texts_n != rest - head.numbers_n * sizeof(*tape->numbers))
		return false;
	*tape = tape_new(report, key);
	tape->mode = TAPE_CHECKS;
	tape->numbers_n = head.numbers_n;
	tape->texts_n = head.texts_n;
	rest = head.numbers_n * sizeof(*tape->numbers);
	tape->numbers = copy_of(bytes + sizeof(head), rest);
	tape->texts = copy_of(bytes + sizeof(head) + rest, head.texts_n);
	if (sum_of(tape) == head.sum &&
	    (!head.texts_n || !tape->texts[head.texts_n - 1]))
		return true;
	tape_free(tape);
	return false;
}

char *tape_bytes(const struct tape *tape, size_t *n)
{
	size_t numbers = tape->numbers_n * sizeof(*tape->numbers);
	struct head head = {
		.magic = MAGIC,
		.key = tape->key,
		.sum = sum_of(tape),
		.numbers_n = tape->numbers_n,
		.texts_n = tape->texts_n,
	};
	char *bytes = malloc(sizeof(head) + numbers + tape->texts_n);

	if (!bytes)
		die(STATUS_FAILED, "out of memory");
	memcpy(bytes, &head, sizeof(head));
	if (numbers)
		memcpy(bytes + sizeof(head), tape->numbers, numbers);
	if (tape->texts_n)
		memcpy(bytes + sizeof(head) + numbers, tape->texts,
		       tape->texts_n);
	*n = sizeof(head) + numbers + tape->texts_n;
	return bytes;
}

static void shared_forget(struct tape *tape)
{
	struct seen *seen, *next;
	int kind;

	for (kind = 0; kind < SHARED_KINDS; kind++) {
		HASH_ITER(hh, tape->shared[kind].seen, seen, next) {
			HASH_DEL(tape->shared[kind].seen, seen);
			free(seen);
		}
		tape->shared[kind].n = 0;
	}
}

void tape_rewind(struct tape *tape, enum tape_mode mode)
{
	shared_forget(tape);
	tape->mode = mode;
	tape->at = 0;
}

void tape_free(struct tape *tape)
{
	int kind;

	shared_forget(tape);
	for (kind = 0; kind < SHARED_KINDS; kind++)
		free(tape->shared[kind].known);
	free(tape->numbers);
	free(tape->texts);
}

uint64_t tape_number(struct tape *tape, uint64_t number)
{
	if (tape->mode == TAPE_WRITES) {
		tape->numbers =
			room_for(tape->numbers, tape->numbers_n,
				 &tape->numbers_room, sizeof(*tape->numbers));
		tape->numbers[tape->numbers_n++] = number;
		return number;
	}
	if (tape->at >= tape->numbers_n)
		tape->has_failed = true;
	return tape->has_failed ? 0 : tape->numbers[tape->at++];
}

uint64_t tape_limited(struct tape *tape, uint64_t number, uint64_t most)
{
	uint64_t read = tape_number(tape, number);

	if (read > most)
		tape->has_failed = true;
	return tape->has_failed ? 0 : read;
}

size_t tape_count(struct tape *tape, size_t n)
{
	if (tape->mode == TAPE_WRITES)
		return tape_number(tape, n);
	return tape_limited(tape, 0, tape->numbers_n - tape->at);
}

/* Where the text is on the strip. */
static uint64_t text_put(struct tape *tape, const char *text)
{
	size_t size = strlen(text) + 1, i;
	uint64_t at = tape->texts_n;

	for (i = 0; i < size; i++) {
		tape->texts = room_for(tape->texts, tape->texts_n,
				       &tape->texts_room, 1);
		tape->texts[tape->texts_n++] = text[i];
	}
	return at;
}

const char *tape_text(struct tape *tape, const char *text)
{
	const void *thing = text;
	uint64_t at;

	if (!tape_shared(tape, SHARED_TEXTS, &thing))
		return thing;
	if (tape->mode == TAPE_WRITES) {
		tape_number(tape, text_put(tape, text));
		return text;
	}
	at = tape_number(tape, 0);
	if (at >= tape->texts_n)
		tape->has_failed = true;
	text = tape->has_failed ? NULL
				: name_keep(tape->report, tape->texts + at);
	tape_share(tape, SHARED_TEXTS, text);
	return text;
}

/* The number of a thing, which begins to be one of those that have been seen.
 * Texts are the same that read the same. */
static uint64_t number_of(struct tape *tape, enum shared kind,
			  const void *thing)
{
	bool is_text = kind == SHARED_TEXTS;
	size_t n = is_text ? strlen(thing) : sizeof(thing);
	struct seen *seen;

	HASH_FIND(hh, tape->shared[kind].seen, is_text ? thing : &thing, n,
		  seen);
	if (seen)
		return seen->number;
	seen = calloc(1, sizeof(*seen));
	if (!seen)
		die(STATUS_FAILED, "out of memory");
	seen->key = thing;
	seen->number = ++tape->shared[kind].n;
	HASH_ADD_KEYPTR(hh, tape->shared[kind].seen,
			is_text ? thing : (const void *)&seen->key, n, seen);
	return seen->number;
}

bool tape_shared(struct tape *tape, enum shared kind, const void **thing)
{
	size_t n = tape->shared[kind].n;
	uint64_t number = 0;

	if (tape->mode == TAPE_WRITES && *thing)
		number = number_of(tape, kind, *thing);
	number = tape_limited(tape, number, n + 1);
	if (tape->mode != TAPE_WRITES)
		*thing = number && number <= n
				 ? tape->shared[kind].known[number - 1]
				 : NULL;
	return number == n + 1;
}

void tape_share(struct tape *tape, enum shared kind, const void *thing)
{
	size_t n = tape->shared[kind].n;

	tape->shared[kind].known =
		room_for(tape->shared[kind].known, n, &tape->shared[kind].room,
			 sizeof(*tape->shared[kind].known));
	tape->shared[kind].known[n] = thing;
	tape->shared[kind].n = n + 1;
}
