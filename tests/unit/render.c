/*
 * How findings that were explained are drawn: objects alone, each with what
 * leads to the next; what to do; what libraries make by themselves.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "model/finish.h"
#include "render-made.h"

static void assert_prints(struct report *report, bool verbose, const char *part)
{
	char *text = printed(report, verbose);

	if (!strstr(text, part))
		print_error("%s\n--- is not in ---\n%s\n", part, text);
	assert_non_null(strstr(text, part));
	free(text);
}

static void assert_silent(struct report *report, const char *part)
{
	char *text = printed(report, false);

	assert_null(strstr(text, part));
	free(text);
}

/* A club with two members and a tag; the vector's buffer is a part. */
static struct finding *club_made(struct report *report)
{
	static const size_t ring[] = {2, 0};
	static size_t via[] = {4};
	struct finding *club = finding_made(report, "club", 5, 5);
	struct member *members = club->members;

	members[0] = member_made(report, "app::Club", "club()", 24);
	members[1] = member_made(report, "app::Member", "join()", 30);
	members[2] = members[1];
	members[3] = member_made(report, "app::Tag", "join()", 31);
	members[4] = member_made(report, "buffer", "grow()", 7);
	members[4].part_of = 0;
	club->edges[0] = edge_made(0, 1, "members[0]");
	club->edges[0].via = via;
	club->edges[0].via_n = 1;
	club->edges[1] = edge_made(0, 2, "members[1]");
	club->edges[2] = edge_made(1, 0, "club");
	club->edges[3] = edge_made(2, 0, "club");
	club->edges[4] = edge_made(0, 3, "tag");
	club->objects_n = 4;
	club->ring = ring;
	club->ring_n = 2;
	club->title = "app::Club ⇄ app::Member";
	club->cause = CAUSE_CYCLE;
	club->cut = 2;
	club->cut_reason = "a back pointer by its name";
	club->cut_advice = "make app::Member::club a std::weak_ptr<app::Club>";
	club->origin = "program";
	return club;
}

static void a_ring_of_objects(void **state)
{
	struct report *report = report_made();

	(void)state;
	club_made(report);
	assert_prints(
		report, false,
		"CYCLE  5 × app::Club ⇄ app::Member, 920 bytes   certain, "
		"id club\n"
		"\n"
		"    ╭─▶ app::Club     club()  club.cc:24\n"
		"    │     .members[0]  (2 alike)\n"
		"    │   app::Member   join()  club.cc:30\n"
		"    ╰──── .club   ✂ make app::Member::club a "
		"std::weak_ptr<app::Club>\n"
		"    also in it: app::Tag\n"
		"\n"
		"    why there: a back pointer by its name\n"
		"\n"
		"    app::Club allocated by\n"
		"        club  /home/me/club.cc:24\n"
		"    app::Member allocated by\n"
		"        join  /home/me/club.cc:30\n"
		"\n");
	assert_silent(report, "buffer");
	assert_prints(report, true,
		      "[4] buffer, 64 bytes, typed by debug "
		      "information, part of [0]\n");
	report_free(report);
}

static void two_readings(void **state)
{
	struct report *report = report_made();
	struct finding *club = club_made(report);

	(void)state;
	club->cause = CAUSE_UNKNOWN;
	club->head = 0;
	assert_prints(report, false, "    ╰──── .club   ✂\n");
	assert_prints(report, false,
		      "    if these references are not counted: a free is "
		      "missing, of app::Club from club()  club.cc:24\n"
		      "    if they are: ✂ make app::Member::club a "
		      "std::weak_ptr<app::Club>\n");
	assert_silent(report, "why there");
	report_free(report);
}

static void no_advice(void **state)
{
	struct report *report = report_made();
	struct finding *club = club_made(report);

	(void)state;
	club->cut_advice = NULL;
	assert_prints(report, false,
		      "    ╰──── .club   ✂ cut here: a back pointer by its "
		      "name\n");
	assert_silent(report, "why there");
	club->ring_n = 0; /* the shortest way through the cut */
	assert_prints(report, false,
		      "    │     .members[0]  (2 alike)\n"
		      "    │   app::Member   join()  club.cc:30\n"
		      "    ╰──── .club   ✂ cut here");
	report_free(report);
}

static void what_was_lost(void **state)
{
	struct report *report = report_made();
	struct finding *lost = finding_made(report, "lost", 2, 0);

	(void)state;
	lost->kind = KIND_LOST;
	lost->members[0] = member_made(report, "part", "other()", 1);
	lost->members[1] = member_made(report, "app::Club", "club()", 24);
	lost->head = 1;
	lost->sums.retained_blocks = 3;
	lost->sums.retained_bytes = 2000;
	assert_prints(report, false,
		      "LOST  5 × app::Club, 920 bytes, keeps 2,000 bytes more "
		      "in 3 blocks   certain, id lost\n"
		      "        club  /home/me/club.cc:24\n\n");
	report_free(report);
}

/* However much they keep. */
static void libraries_come_last(void **state)
{
	struct report *report = report_made();
	struct finding *theirs = finding_made(report, "theirs", 1, 0), *ours;

	(void)state;
	theirs->kind = KIND_LOST;
	theirs->members[0] = member_made(report, "Font", "club()", 24);
	theirs->origin = "libfont.so.1";
	ours = finding_made(report, "ours", 1, 0);
	*ours->members = *theirs->members;
	ours->kind = KIND_LOST;
	ours->origin = "program";
	assert_prints(report, false,
		      "id ours\n        club  /home/me/club.cc:24\n\n"
		      "Made by libraries, by themselves:\n\n"
		      "LOST  5 × Font, 920 bytes   certain, id theirs\n");
	ours->origin = "libfont.so.1";
	assert_prints(report, false,
		      "\n\nMade by libraries, by themselves:\n\n"
		      "LOST  5 × Font");
	report_free(report);
}

static void folded_findings(void **state)
{
	struct report *report = report_made();
	struct finding *club = club_made(report), *piece;

	(void)state;
	piece = finding_made(report, "piece", 1, 0);
	HASH_DEL(report->findings, piece);
	piece->members[0] = member_made(report, "app::Club", "again()", 25);
	club->next_piece = piece;
	assert_prints(report, false, "920 bytes, from 2 places   certain");
	assert_silent(report, "again");
	assert_prints(report, true,
		      "    folded into it: 5 instances, 920 bytes\n"
		      "    allocated by\n"
		      "        again  /home/me/club.cc:25\n");
	report_free(report);
}

static void signs_are_spelt(void **state)
{
	struct report *report = report_made();

	(void)state;
	club_made(report);
	setlocale(LC_ALL, "C");
	assert_prints(report, false, "CYCLE  5 x app::Club <-> app::Member,");
	setlocale(LC_ALL, "C.UTF-8");
	report_free(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_of_objects),
		cmocka_unit_test(two_readings),
		cmocka_unit_test(no_advice),
		cmocka_unit_test(what_was_lost),
		cmocka_unit_test(libraries_come_last),
		cmocka_unit_test(folded_findings),
		cmocka_unit_test(signs_are_spelt),
	};

	unsetenv("COLUMNS");
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
