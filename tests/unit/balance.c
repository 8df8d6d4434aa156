/* Which acquires are outstanding, on stacks made by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/pages.h"
#include "refs/balance.h"
#include "stack/depot.h"

#define ROOM 8

static struct ref_entry entries[64];
static struct balance out[ROOM];
static uint32_t n;
static bool refuse;

int memory_refuses(size_t bytes)
{
	(void)bytes;
	return refuse;
}

static int setup(void **state)
{
	(void)state;
	memset(entries, 0, sizeof(entries));
	n = 0;
	return 0;
}

/* A stack whose frames are the letters, outermost first. */
static uint32_t stack(const char *frames)
{
	uint32_t id = 0;

	while (*frames)
		id = depot_child(id, 0x400000u + (uint8_t)*frames++, 1);
	return id;
}

static void entry(const char *frames, uint32_t acquires, uint32_t releases,
		  uint64_t first)
{
	entries[n] = (struct ref_entry){stack(frames), acquires, releases,
					first, n ? &entries[n - 1] : NULL};
	n++;
}

static void acquire(const char *frames, uint64_t first)
{
	entry(frames, 1, 0, first);
}

static void release(const char *frames, uint32_t releases)
{
	entry(frames, 0, releases, 0);
}

/* So many are outstanding in all. */
static void are(int count)
{
	struct arena arena = {0};

	assert_int_equal(balance_outstanding(n ? &entries[n - 1] : NULL, &arena,
					     out, ROOM),
			 count);
}

static void is(int i, const char *frames, uint32_t count)
{
	assert_int_equal(out[i].stack, stack(frames));
	assert_int_equal(out[i].count, count);
}

static void nothing(void **state)
{
	(void)state;
	are(0);
	release("ab", 3);
	are(0);
}

static void unmatched_is_listed(void **state)
{
	(void)state;
	acquire("mab", 1);
	entry("mac", 3, 0, 2);
	acquire("mc", 3);
	are(3);
	is(0, "mac", 3); /* the largest, then the youngest */
	is(1, "mc", 1);
	is(2, "mab", 1);
}

static void same_stack_cancels(void **state)
{
	(void)state;
	entry("mab", 5, 3, 1);
	entry("mac", 2, 2, 2);
	are(1);
	is(0, "mab", 2);
}

/* main → a and main → b acquire; b's release is b's, though a is older. */
static void innermost_meeting_first(void **state)
{
	(void)state;
	acquire("mar", 1);
	acquire("mbr", 2);
	release("mbu", 1);
	are(1);
	is(0, "mar", 1);
}

/* What a frame's own acquires left over goes on outwards. */
static void the_rest_goes_on(void **state)
{
	(void)state;
	acquire("mxar", 2);
	acquire("mbr", 1);
	acquire("q", 3);
	release("mxau", 2); /* one for mxar, one for mbr */
	are(1);
	is(0, "q", 1);
	release("z", 5);
	are(0);
}

/* Born in n, used twice by calls from m, the second of which forgets; the
 * owner's release is the birth's. */
static void oldest_among_equals(void **state)
{
	(void)state;
	acquire("2r", 3);
	acquire("n", 1);
	acquire("1r", 2);
	release("1u", 1);
	release("3u", 1);
	are(1);
	is(0, "2r", 1);
}

static void depth_of_the_stacks_is_no_matter(void **state)
{
	(void)state;
	acquire("mabcdefghijk", 1);
	acquire("mz", 2);
	release("mabc", 1);
	are(1);
	is(0, "mz", 1);
	setup(NULL);
	acquire("m", 2);
	acquire("mab", 1);
	release("mxyzw", 1);
	are(1);
	is(0, "m", 1);
}

/* Only the first of a's three has a time: the second one that is taken may be
 * a's or b's. */
static void a_guess_lists_all(void **state)
{
	(void)state;
	entry("ma", 3, 0, 1);
	acquire("mb", 2);
	acquire("q", 9);
	release("mc", 2);
	are(3);
	is(0, "ma", 2);
	is(1, "q", 1);
	is(2, "mb", 1);
	setup(NULL);
	entry("ma", 3, 0, 1);
	acquire("mb", 2);
	release("mc", 1); /* a's first: no guess */
	are(2);
	is(0, "ma", 2);
	is(1, "mb", 1);
	setup(NULL);
	entry("ma", 3, 0, 1);
	acquire("mb", 2);
	release("mc", 3); /* one of the four is left: a's or b's */
	are(2);
	is(0, "mb", 1);
	is(1, "ma", 1);
}

/* Taken at the same time, as far as is known. */
static void equal_times_are_a_guess(void **state)
{
	(void)state;
	acquire("ma", 7);
	acquire("mb", 7);
	acquire("mc", 8);
	release("md", 1);
	are(3);
	setup(NULL);
	acquire("ma", 7);
	acquire("mb", 7);
	acquire("mc", 8);
	release("md", 2);
	are(1);
	is(0, "mc", 1);
}

/* After an inner guess the sum is still right: two of three are left, and one
 * more release leaves one. */
static void a_guess_goes_on(void **state)
{
	(void)state;
	acquire("xa", 7);
	acquire("xb", 7);
	acquire("xc", 7);
	release("xd", 1);
	are(3);
	release("y", 1);
	are(3);
	is(0, "xa", 1);
	release("z", 1);
	are(0);
}

/* What was taken further in is known further out. */
static void what_is_known_stays_known(void **state)
{
	(void)state;
	acquire("xa", 1);
	acquire("xb", 2); /* still the oldest after xa was taken */
	release("xc", 1);
	acquire("q", 3);
	release("z", 1);
	are(1);
	is(0, "q", 1);
	setup(NULL);
	entry("xa", 3, 0, 1); /* when its second one was, nobody knows */
	release("xb", 1);
	acquire("q", 2);
	release("z", 1);
	are(2);
	is(0, "xa", 2);
	is(1, "q", 1);
}

static uint64_t random_state;

static uint32_t below(uint32_t most)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 33) % most;
}

/* left[i] is what entry i has; most[i] what it has at most after so many were
 * taken in any order that could have been. */
static void take_all_ways(uint32_t *left, uint32_t taken, uint32_t *most)
{
	uint64_t oldest = UINT64_MAX;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (!taken && left[i] > most[i])
			most[i] = left[i];
		if (left[i] && left[i] == entries[i].acquires &&
		    entries[i].first < oldest)
			oldest = entries[i].first;
	}
	for (i = 0; taken && i < n; i++) {
		if (!left[i] || (left[i] == entries[i].acquires &&
				 entries[i].first > oldest))
			continue;
		left[i]--;
		take_all_ways(left, taken - 1, most);
		left[i]++;
	}
}

/* In one place: exactly those that could still have some, and how many. */
static void random_entries_agree(void **state)
{
	uint32_t seed, i, k, sum, count, left[ROOM], most[ROOM];
	char name[2] = "";

	for (seed = 1; seed <= 3000; seed++) {
		setup(state);
		random_state = seed * 0x9e3779b97f4a7c15u;
		for (i = sum = 0, k = 1 + below(5); i < k; i++) {
			*name = (char)('a' + i);
			entry(name, below(4), 0, 1 + below(6));
			sum += left[i] = entries[i].acquires;
			most[i] = 0;
		}
		k = below(sum + 1);
		take_all_ways(left, k, most);
		release("z", k);
		for (i = count = 0; i + 1 < n; i++)
			count += most[i] > 0;
		are((int)count);
		for (i = 0; i < count; i++) {
			for (k = 0; out[i].stack != entries[k].stack; k++)
				assert_in_range(k, 0, n - 2);
			assert_int_equal(out[i].count, most[k]);
			assert_true(!i || out[i - 1].count >= out[i].count);
			most[k] = 0; /* each once */
		}
	}
}

static void room_is_kept(void **state)
{
	char name[2] = "A";

	(void)state;
	for (; *name < 'A' + 40; ++*name)
		acquire(name, (uint64_t)*name);
	are(ROOM);
	is(0, "h", 1);
	refuse = true;
	assert_int_equal(balance_outstanding(&entries[n - 1],
					     &(struct arena){0}, out, ROOM),
			 -ENOMEM);
	refuse = false;
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing),
		TEST(unmatched_is_listed),
		TEST(same_stack_cancels),
		TEST(innermost_meeting_first),
		TEST(the_rest_goes_on),
		TEST(oldest_among_equals),
		TEST(depth_of_the_stacks_is_no_matter),
		TEST(a_guess_lists_all),
		TEST(equal_times_are_a_guess),
		TEST(a_guess_goes_on),
		TEST(what_is_known_stays_known),
		TEST(random_entries_agree),
		TEST(room_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
