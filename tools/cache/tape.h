/*
 * Numbers and texts one after another, and back. Whoever walks over something
 * with a tape writes it or reads it, by the same steps: each step gives what
 * was there, when it is written, and what is on the tape otherwise. A tape that
 * others may have written is read twice: the first time it is only checked, and
 * whoever walks must change nothing.
 */
#ifndef TAPE_H
#define TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

struct report;

enum tape_mode { TAPE_WRITES, TAPE_CHECKS, TAPE_READS };

/* What is on a tape once, though several lead to it. */
enum shared { SHARED_TEXTS, SHARED_PLACES, SHARED_TYPES, SHARED_KINDS };

struct seen {
	const void *key;
	uint64_t number; /* from 1 */
	UT_hash_handle hh;
};

struct tape {
	enum tape_mode mode;
	struct report *report; /* whose memory has what is read */
	uint64_t key;
	uint64_t *numbers;
	size_t numbers_n, numbers_room, at;
	char *texts;
	size_t texts_n, texts_room;
	struct {
		struct seen *seen;  /* while it is written */
		const void **known; /* while it is read, in order */
		size_t n, room;
	} shared[SHARED_KINDS];
	bool has_failed; /* what was read is none, or memory is short */
};

/* An empty tape, to be written. */
struct tape tape_new(struct report *report, uint64_t key);
/* False: these bytes are no tape of that key. It is to be checked then. */
bool tape_load(struct tape *tape, struct report *report, uint64_t key,
	       const char *bytes, size_t n);
/* All of it in malloc'd memory, *n bytes. */
char *tape_bytes(const struct tape *tape, size_t *n);
/* Begins again at the front. */
void tape_rewind(struct tape *tape, enum tape_mode mode);
void tape_free(struct tape *tape);

/* After a failure all numbers are 0, all texts NULL. */
uint64_t tape_number(struct tape *tape, uint64_t number);
/* The same for what is at most so large, and fails otherwise. */
uint64_t tape_limited(struct tape *tape, uint64_t number, uint64_t most);
/* How many things follow, each of them at least one number. */
size_t tape_count(struct tape *tape, size_t n);
/* A text in the report's memory, or NULL. */
const char *tape_text(struct tape *tape, const char *text);
/* Something that several lead to, or NULL. True: it is new, and what it has
 * follows; when it is read, tape_share() must tell what was made of it. */
bool tape_shared(struct tape *tape, enum shared kind, const void **thing);
void tape_share(struct tape *tape, enum shared kind, const void *thing);

#endif
