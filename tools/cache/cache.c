/*
 * See cache.h. A file of the cache belongs to a report of exactly these lines.
 * It is taken when the program files are as they were, and this command is;
 * what is damaged or does not fit changes nothing. What is quick is not kept.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cache/answers.h"
#include "cache/cache.h"
#include "cache/origins.h"
#include "cache/shelf.h"
#include "cache/tape.h"
#include "common/hash.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/resolve.h"
#include "types/types.h"

#define WORTH (CLOCKS_PER_SEC / 2)
#define DAY_SECONDS 86400

/* Servers of debug information may know more than the disk. One that does not
 * answer may do so tomorrow. */
static uint64_t key_of(const struct report *report)
{
	const char *servers = getenv("DEBUGINFOD_URLS");
	uint64_t key = hash_text(report->lines_hash, servers ? servers : "");
	int64_t day = servers && *servers ? time(NULL) / DAY_SECONDS : 0;

	return hash_bytes(key, &day, sizeof(day));
}

static void name_of(uint64_t key, char name[20])
{
	snprintf(name, 20, "%016llx", (unsigned long long)key);
}

void cache_keep(struct report *report, size_t warnings)
{
	int shelf = shelf_open();
	uint64_t key = key_of(report);
	struct tape tape;
	char name[20], *bytes;
	size_t n;

	if (shelf < 0)
		return;
	tape = tape_new(report, key);
	origins_pass(&tape, report);
	answers_pass(&tape, report, warnings);
	if (!tape.has_failed) { /* else it would never be taken */
		bytes = tape_bytes(&tape, &n);
		name_of(key, name);
		shelf_write(shelf, name, bytes, n);
		free(bytes);
	}
	tape_free(&tape);
	close(shelf);
}

/* Whether the report has been filled. */
static bool tape_play(struct tape *tape, struct report *report)
{
	size_t warnings = texts_count(report->warnings);

	origins_pass(tape, report);
	if (!tape->has_failed)
		answers_pass(tape, report, warnings);
	if (tape->has_failed)
		return false;
	tape_rewind(tape, TAPE_READS);
	origins_pass(tape, report);
	answers_pass(tape, report, warnings);
	return true;
}

bool cache_take(struct report *report)
{
	int shelf = shelf_open();
	uint64_t key = key_of(report);
	struct tape tape;
	char name[20], *bytes;
	bool taken = false;
	size_t n;

	if (shelf < 0)
		return false;
	name_of(key, name);
	bytes = shelf_read(shelf, name, &n);
	if (bytes && tape_load(&tape, report, key, bytes, n)) {
		taken = tape_play(&tape, report);
		tape_free(&tape);
	}
	free(bytes);
	close(shelf);
	return taken;
}

void report_look_up(struct report *report)
{
	size_t warnings = texts_count(report->warnings);
	clock_t begun = clock();

	if (cache_take(report))
		return;
	report_resolve(report);
	types_find(report);
	if (clock() - begun >= WORTH)
		cache_keep(report, warnings);
}
