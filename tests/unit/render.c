/*
 * How findings that were explained are drawn: objects alone, each with what
 * leads to the next; what to do; what is allocated inside of libraries.
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

/* Four kinds of the others have names, and the rest is a number. */
static void other_kinds_are_counted(void **state)
{
	static const char *const types[] = {"A", "B", "C", "D", "E", "F"};
	struct report *report = report_made();
	struct finding *club = finding_made(report, "club", 8, 2);
	size_t i;

	(void)state;
	club->objects_n = 7;
	for (i = 0; i < 8; i++)
		club->members[i] =
			member_made(report, i < 2 ? "app::Club" : types[i - 2],
				    "club()", 24);
	club->edges[0] = edge_made(0, 1, "twin");
	club->edges[1] = edge_made(1, 0, "twin");
	club->title = "app::Club ⇄ app::Club";
	club->cause = CAUSE_CYCLE;
	club->cut = 1;
	club->origin = "program";
	assert_prints(report, false,
		      "also in it: A, B, C, D and 1 more kind\n");
	club->objects_n = 8;
	assert_prints(report, false,
		      "also in it: A, B, C, D and 2 more kinds\n");
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
		      "    if these references are not counted: nothing frees "
		      "the app::Club from club()  club.cc:24\n"
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
		      "Allocated inside of libraries:\n\n"
		      "LOST  5 × Font, 920 bytes   certain, id theirs\n");
	ours->origin = "libfont.so.1";
	assert_prints(report, false,
		      "\n\nAllocated inside of libraries:\n\n"
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

/* One block of that stack. */
static struct report *lost_made(struct stack **stack)
{
	struct report *report = report_made();
	struct finding *lost = finding_made(report, "lost", 1, 0);

	lost->kind = KIND_LOST;
	lost->members[0] = member_made(report, "Node", "", 0);
	lost->members[0].stack = *stack = stack_new(report);
	return report;
}

/* What was compiled into the program is told by where its source lies. */
static void libraries_by_their_sources(void **state)
{
	static const char *const files[][2] = {
		{"alloc::alloc::alloc",
		 "/rustc/59f/library/alloc/src/alloc.rs"},
		{"alloc::boxed::Box<T>::new",
		 "/usr/src/rustc-1.63.0/library/alloc/src/boxed.rs"},
		{"alloc::rc::Rc<T>::new",
		 "/home/me/.rustup/toolchains/stable/lib/rustlib/src/rust/"
		 "library/alloc/src/rc.rs"},
		{"serde::from_str", "/home/me/.cargo/registry/src/"
				    "index.crates.io-6f/serde-1.0.2/src/de.rs"},
		{"app::load", "/home/me/app/src/main.rs"},
		{"tokio::run",
		 "/root/.cargo/git/checkouts/tokio-rs-a7be/1f/src/lib.rs"},
		{"clap::parse", "/usr/share/cargo/registry/clap-4.1/src/l.rs"},
		{"app::main", "/home/me/app/src/main.rs"},
		{"core::ops::FnOnce::call_once",
		 "/rustc/59f/library/core/a.rs"},
		{"std::rt::lang_start", NULL},
		{"main", NULL},
	};
	struct stack *stack;
	struct report *report = lost_made(&stack);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		frame_add(report, stack, files[i][0], files[i][1], 9);
	assert_prints(report, false,
		      "        … 4 frames in Rust's library, serde "
		      "(serde::from_str)\n"
		      "        app::load  /home/me/app/src/main.rs:9\n"
		      "        … 1 frame in tokio-rs (tokio::run)\n"
		      "        … 1 frame in clap (clap::parse)\n"
		      "        app::main  /home/me/app/src/main.rs:9\n\n");
	report_free(report);
}

/* As a compiler of C++ calls what it names in the table of symbols alone. */
static void libraries_by_their_names(void **state)
{
	static const char *const names[] = {
		"std::_Vector_base<int, std::allocator<int> >::_M_allocate("
		"unsigned long)",
		"void std::vector<int, std::allocator<int> >::push_back(int "
		"const&)",
		"stdx::fill(int)", "main"};
	struct stack *stack;
	struct report *report = lost_made(&stack);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		frame_add(report, stack, names[i], NULL, 0);
	assert_prints(report, false,
		      "        … 2 frames in C++ headers "
		      "(std::vector<int>::push_back)\n"
		      "        stdx::fill  club+0x0\n"
		      "        main        club+0x0\n");
	report_free(report);
}

/* Under somebody's main loop: what was allocated and by whose doing. */
static void what_a_library_made(void **state)
{
	static struct module modules[] = {
		{.path = "/usr/lib/libglib-2.0.so.0", .build_id = ""},
		{.path = "/usr/lib/libgio-2.0.so.0", .build_id = ""},
		{.path = "/usr/lib/libplugin.so", .build_id = ""},
	};
	static const struct {
		const char *function;
		int module;
	} frames[] = {
		{"g_malloc0", 0},
		{"g_type_create_instance", 0},
		{NULL, 0},
		{"g_initable_new_valist", 1},
		{"g_initable_new", 1},
		{"g_socket_new", 1},
		{"plugin_open", 2},
		{"plugin_tick", 2},
		{NULL, 0},
		{"g_main_loop_run", 0},
	};
	struct stack *stack;
	struct report *report = lost_made(&stack);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		frame_add(report, stack, frames[i].function, NULL, 0);
		stack->frames[i].module = &modules[frames[i].module];
	}
	frame_add(report, stack, "main", "/home/me/club.cc", 35);
	assert_prints(report, false,
		      "        … 6 frames in libglib-2.0.so.0, "
		      "libgio-2.0.so.0 (g_socket_new)\n"
		      "        … 2 frames in libplugin.so (plugin_tick)\n"
		      "        … 2 frames in libglib-2.0.so.0 "
		      "(g_main_loop_run)\n"
		      "        main  /home/me/club.cc:35\n");
	report->findings->confidence = SUSPECT;
	assert_prints(report, false,
		      "from g_socket_new in main() (club.cc:35)");
	report_free(report);
}

static void wrappers_are_no_makers(void **state)
{
	struct stack *stack;
	struct report *report = lost_made(&stack);

	(void)state;
	frame_add(report, stack, "xmalloc", "/home/me/util.c", 3);
	frame_add(report, stack, "node_new", "/home/me/node.c", 12);
	report->findings->confidence = SUSPECT;
	assert_prints(report, false, ", from node_new() (node.c:12)");
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
		cmocka_unit_test(other_kinds_are_counted),
		cmocka_unit_test(two_readings),
		cmocka_unit_test(no_advice),
		cmocka_unit_test(what_was_lost),
		cmocka_unit_test(libraries_come_last),
		cmocka_unit_test(folded_findings),
		cmocka_unit_test(libraries_by_their_sources),
		cmocka_unit_test(libraries_by_their_names),
		cmocka_unit_test(what_a_library_made),
		cmocka_unit_test(wrappers_are_no_makers),
		cmocka_unit_test(signs_are_spelt),
	};

	unsetenv("COLUMNS");
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
