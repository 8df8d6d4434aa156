/*
 * The tool's reader and sums, on lines written by hand: what a later scan
 * replaces, what several programs add up to, what damage costs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <sys/mman.h>
#include <unistd.h>
#include "common/lines.h"
#include "common/text.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/scans.h"
#include "model/source.h"
#include "model/summary.h"

#define PROGRAM(pid)                                                       \
	"{\"t\":\"program\",\"format\":\"gordian-lines/1\",\"run\":\"r\"," \
	"\"pid\":" #pid ",\"argv\":[\"x\"],\"exe\":\"/x\"}\n"
#define FINDING(scan, id, kind, confidence, sums, nested, rest)            \
	"{\"t\":\"finding\",\"scan\":" #scan ",\"id\":\"" id               \
	"\",\"kind\":\"" kind "\",\"confidence\":\"" confidence "\"," sums \
	",\"nested\":[" nested "]" rest "}\n"
#define SUMS(count, bytes, retained, blocks)     \
	"\"count\":" #count ",\"bytes\":" #bytes \
	",\"retained_bytes\":" #retained ",\"retained_blocks\":" #blocks
#define SAMPLE(size)                                                       \
	",\"members_total\":1,\"members\":[{\"address\":\"0x1\","          \
	"\"size\":" #size                                                  \
	",\"stack\":0}],\"edges\":[{\"from\":0,\"to\":7,\"offset\":0,"     \
	"\"kind\":\"strong\"},{\"from\":0,\"to\":0,\"offset\":8,\"kind\":" \
	"\"strong\"}],\"cut\":{\"edge\":1,\"reason\":\"y\"},\"stacks\":"   \
	"[[[0,16],[5,7],[-1,99],\"?\"]],\"modules\":[{\"path\":\"/m\","    \
	"\"build_id\":\"ab\"}]"
#define SCAN(n) \
	"{\"t\":\"scan\",\"n\":" #n ",\"trigger\":\"exit\",\"blocks\":5}\n"
#define END(status) "{\"t\":\"end\",\"exit\":" #status "}\n"

static bool read_text(struct report *report, const char *text, uint64_t until)
{
	int fd = memfd_create("text", 0);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	lseek(fd, 0, SEEK_SET);
	return report_read_file(report, fd, "text", LINE_MOST, until);
}

static struct finding *find(struct report *report, const char *id)
{
	struct finding *finding;

	HASH_FIND_STR(report->findings, id, finding);
	assert_non_null(finding);
	return finding;
}

static void later_scan_replaces_sums(void **state)
{
	struct report *report = report_new();
	struct finding *a;

	(void)state;
	assert_true(read_text(
		report,
		PROGRAM(7) FINDING(1, "a", "cycle", "likely",
				   SUMS(2, 20, 30, 3), "\"b\"", SAMPLE(11))
			SCAN(1) FINDING(3, "a", "cycle", "certain",
					SUMS(5, 50, 60, 6), "\"c\"", SAMPLE(22))
				SCAN(3) END(0) END(4),
		0));
	report_finish(report);
	a = find(report, "a");
	assert_int_equal(a->sums.count, 5);
	assert_int_equal(a->sums.bytes, 50);
	assert_int_equal(a->sums.retained_bytes, 60);
	assert_int_equal(a->sums.retained_blocks, 6);
	assert_int_equal(a->confidence, CERTAIN);
	assert_int_equal(a->first_scan, 1);
	assert_int_equal(a->last_scan, 3);
	assert_int_equal(a->members[0].size, 11);
	assert_int_equal(a->nested_n, 1);
	assert_string_equal(a->nested[0], "c");
	assert_true(report->program->has_exit);
	assert_int_equal(report->program->exit, 4);
	report_free(report);
}

static void programs_add_up(void **state)
{
	struct report *report = report_new();
	struct finding *a;

	(void)state;
	assert_true(read_text(report,
			      PROGRAM(7) FINDING(2, "a", "cycle", "likely",
						 SUMS(2, 20, 30, 3), "",
						 SAMPLE(11)),
			      0));
	assert_true(read_text(report,
			      PROGRAM(8) FINDING(1, "a", "cycle", "suspect",
						 SUMS(1, 10, 15, 1), "\"b\"",
						 SAMPLE(22))
				      FINDING(9, "a", "cycle", "suspect",
					      SUMS(3, 30, 45, 4), "", ""),
			      0));
	report_finish(report);
	a = find(report, "a");
	assert_int_equal(report->programs_n, 2);
	assert_int_equal(report->programs->pid, 7);
	assert_int_equal(a->sums.count, 5);
	assert_int_equal(a->sums.bytes, 50);
	assert_int_equal(a->sums.retained_blocks, 7);
	assert_int_equal(a->confidence, LIKELY);
	assert_int_equal(a->members[0].size, 11);
	assert_int_equal(a->first_scan, 2);
	assert_int_equal(a->last_scan, 2);
	assert_int_equal(a->nested_n, 1);
	assert_false(report->programs->has_exit);
	report_free(report);
}

/* Edge 0 leads nowhere and is dropped; the cut still is the edge it was. */
static void what_points_nowhere_is_dropped(void **state)
{
	struct report *report = report_new();
	struct finding *a;

	(void)state;
	assert_true(read_text(report,
			      PROGRAM(7)
				      FINDING(1, "a", "cycle", "likely",
					      SUMS(1, 1, 0, 0), "", SAMPLE(1)),
			      0));
	a = find(report, "a");
	assert_int_equal(a->edges_n, 1);
	assert_int_equal(a->edges[0].offset, 8);
	assert_int_equal(a->cut, 0);
	assert_int_equal(a->members[0].stack->n, 3);
	assert_string_equal(a->members[0].stack->frames[0].module->path, "/m");
	assert_null(a->members[0].stack->frames[1].module);
	assert_null(a->members[0].stack->frames[2].module);
	assert_int_equal(a->members[0].stack->frames[2].address, 99);
	report_free(report);
}

#define MACROS                                                              \
	",\"members\":[{\"size\":8,\"stack\":0,\"type\":\"Node\","          \
	"\"refcount\":-2,\"finalizer\":\"drop\",\"resources\":[\"fd 7\",5," \
	"\"fd 8\"]},{\"size\":8,\"refcount\":\"3\",\"type\":7}],"           \
	"\"edges\":[{\"from\":0,\"to\":1,\"offset\":8,\"kind\":"            \
	"\"weak\",\"field\":\"next\",\"stack\":0},{\"from\":1,\"to\":0,"    \
	"\"kind\":\"strong\",\"stack\":-1}],\"acquires\":[{\"member\":9,"   \
	"\"count\":1,\"stack\":0},{\"count\":0,\"stack\":0},{\"member\":1," \
	"\"count\":2,\"stack\":0},{\"count\":1,\"stack\":8}],"              \
	"\"references\":2,\"stacks\":[[[-1,16]]]"

static void macros_tell(void **state)
{
	struct report *report = report_new();
	struct finding *a, *b;

	(void)state;
	assert_true(
		read_text(report,
			  PROGRAM(7) FINDING(1, "a", "excess-ref", "certain",
					     SUMS(1, 8, 0, 0), "", MACROS)
				  FINDING(1, "b", "lost", "certain",
					  SUMS(1, 8, 0, 0), "", SAMPLE(8)),
			  0));
	report_finish(report);
	a = find(report, "a");
	b = find(report, "b");
	assert_int_equal(a->kind, KIND_EXCESS_REF);
	assert_int_equal(report_summary(report).excess_refs, 1);
	assert_string_equal(a->members[0].type, "Node");
	assert_true(a->members[0].has_count);
	assert_int_equal(a->members[0].count, -2);
	assert_string_equal(a->members[0].finalizer, "drop");
	assert_int_equal(a->members[0].resources_n, 2);
	assert_string_equal(a->members[0].resources[1], "fd 8");
	assert_null(a->members[1].type);
	assert_false(a->members[1].has_count);
	assert_int_equal(a->members[1].resources_n, 0);
	assert_string_equal(a->edges[0].field, "next");
	assert_true(edge_is_weak(&a->edges[0]));
	assert_ptr_equal(a->edges[0].stack, a->members[0].stack);
	assert_null(a->edges[1].field);
	assert_false(edge_is_weak(&a->edges[1]));
	assert_null(a->edges[1].stack);
	assert_int_equal(a->acquires_n, 2);
	assert_int_equal(a->acquires[0].member, 1);
	assert_int_equal(a->acquires[0].count, 2);
	assert_ptr_equal(a->acquires[0].stack, a->members[0].stack);
	assert_int_equal(a->acquires[1].member, 0);
	assert_int_equal(a->acquires[1].stack->n, 0);
	assert_int_equal(a->references, 2);
	assert_int_equal(b->references, -1);
	assert_int_equal(b->acquires_n, 0);
	report_free(report);
}

#define WORDS                                                                  \
	",\"members\":[{\"size\":32,\"rtti\":\"4Club\",\"in\":3,\"since\":9,"  \
	"\"epoch\":2,\"counts\":[0,28,29,-4,\"x\",1e300,99999999999],"         \
	"\"vtable\":[0,16],\"points\":[[24,[0,32]],[25,[0,1]],[-1,[0,1]],[8]," \
	"[\"8\",[0,1]],7,[8,[0]],[8,[9,5]]]}],"                                \
	"\"kept\":[{\"size\":8,\"in\":-1,\"since\":\"x\",\"rtti\":5,"          \
	"\"counts\":{},\"points\":1},7],"                                      \
	"\"edges\":[{\"from\":0,\"to\":1,\"offset\":8,\"into\":4},"            \
	"{\"from\":0,\"to\":0,\"offset\":16,\"into\":33},"                     \
	"{\"from\":1,\"to\":3,\"offset\":0},"                                  \
	"{\"from\":2,\"to\":0,\"offset\":0,\"into\":-9}],"                     \
	"\"cut\":{\"edge\":0},\"modules\":[{\"path\":\"/m\"}]"

/* What the words of blocks tell; damage is left out. */
static void words_tell(void **state)
{
	struct report *report = report_new();
	const struct finding *a;
	const struct member *m;

	(void)state;
	read_text(report,
		  PROGRAM(7) FINDING(1, "a", "lost", "likely", SUMS(1, 1, 0, 0),
				     "", WORDS),
		  0);
	a = find(report, "a");
	assert_int_equal(a->members_n, 1);
	m = a->members;
	assert_string_equal(m->rtti, "4Club");
	assert_int_equal(m->in_degree, 3);
	assert_int_equal(m->since, 9);
	assert_int_equal(m->epoch, 2);
	assert_int_equal(m->counts_n, 2);
	assert_int_equal(m->counts[1], 28);
	assert_int_equal(m->points_n, 3);
	assert_int_equal(m->points[0].offset, 0);
	assert_int_equal(m->points[0].to.address, 16);
	assert_int_equal(m->points[1].offset, 24);
	assert_string_equal(m->points[1].to.module->path, "/m");
	assert_null(m->points[2].to.module);
	assert_int_equal(a->kept_n, 2);
	assert_int_equal(m[1].size, 8);
	assert_null(m[1].rtti);
	assert_int_equal(m[1].in_degree + m[1].since, 0);
	assert_int_equal(m[1].counts_n + m[1].points_n, 0);
	assert_int_equal(m[2].size, 0);
	report_free(report);
}

/* Those from and to what a head keeps stand apart, and none of them is cut. */
static void edges_of_what_is_kept_stand_apart(void **state)
{
	struct report *report = report_new();
	const struct finding *a;

	(void)state;
	read_text(report,
		  PROGRAM(7) FINDING(1, "a", "lost", "likely", SUMS(1, 1, 0, 0),
				     "", WORDS),
		  0);
	a = find(report, "a");
	assert_int_equal(a->edges_n, 1);
	assert_int_equal(a->edges[0].offset, 16);
	assert_int_equal(a->edges[0].into, 0);
	assert_int_equal(a->kept_edges_n, 2);
	assert_int_equal(a->edges[1].to, 1);
	assert_int_equal(a->edges[1].into, 4);
	assert_int_equal(a->edges[2].from, 2);
	assert_int_equal(a->edges[2].into, 0);
	assert_int_equal(a->cut, -1);
	report_free(report);
}

#define PENDING(sums)                                 \
	FINDING(1, "a", "cycle", "certain", sums, "", \
		",\"dead\":true,\"pending\":true" SAMPLE(10))
#define PROVED(sums)                                  \
	FINDING(1, "a", "cycle", "certain", sums, "", \
		",\"dead\":true" SAMPLE(10))

/* What a collector is about to free is no alarm, unless one program's does
 * not. */
static void pending_is_no_alarm(void **state)
{
	struct report *report = report_new();
	struct summary sum;

	(void)state;
	read_text(report, PROGRAM(7) PENDING(SUMS(2, 20, 0, 0)) SCAN(1) END(0),
		  0);
	report_finish(report);
	sum = report_summary(report);
	assert_true(find(report, "a")->pending);
	assert_int_equal(sum.findings + sum.bytes, 0);
	assert_int_equal(sum.pending, 1);
	report_free(report);
	report = report_new();
	read_text(report,
		  PROGRAM(7) PENDING(SUMS(2, 20, 0, 0)) SCAN(1) END(0)
			  PROGRAM(8) PROVED(SUMS(1, 10, 0, 0)) SCAN(1) END(0)
				  PROGRAM(9) PENDING(SUMS(2, 20, 0, 0)) SCAN(1)
					  END(0),
		  0);
	report_finish(report);
	sum = report_summary(report);
	assert_int_equal(sum.findings, 1);
	assert_int_equal(sum.pending, 0);
	report_free(report);
}

/* The collector has run. */
static void pending_that_is_gone_was_no_error(void **state)
{
	struct report *report = report_new();
	struct summary sum;

	(void)state;
	read_text(report,
		  PROGRAM(7) PENDING(SUMS(2, 20, 0, 0)) SCAN(1) SCAN(2) END(0),
		  0);
	report_finish(report);
	sum = report_summary(report);
	assert_int_equal(sum.gone, 1);
	assert_int_equal(sum.pending + sum.came_back, 0);
	report_free(report);
}

static void warnings_have_places(void **state)
{
	struct report *report = report_new();
	const struct text *warning;

	(void)state;
	assert_true(read_text(
		report,
		PROGRAM(7) "{\"t\":\"warning\",\"text\":\"a\"}\n"
			   "{\"t\":\"warning\",\"text\":\"b\",\"stack\":"
			   "[[0,16]],\"modules\":[{\"path\":\"/m\"}]}\n"
			   "{\"t\":\"warning\",\"text\":\"c\",\"stack\":"
			   "[\"?\"]}\n"
			   "{\"t\":\"warning\",\"stack\":[[0,16]]}\n",
		0));
	warning = report->warnings;
	assert_string_equal(warning->text, "a");
	assert_null(warning->stack);
	warning = warning->next;
	assert_string_equal(warning->text, "b");
	assert_int_equal(warning->stack->n, 1);
	assert_string_equal(warning->stack->frames[0].module->path, "/m");
	assert_int_equal(warning->stack->frames[0].address, 16);
	warning = warning->next;
	assert_string_equal(warning->text, "c");
	assert_null(warning->stack);
	assert_null(warning->next);
	report_free(report);
}

static void summary_counts_each_byte_once(void **state)
{
	struct report *report = report_new();
	struct summary sum;

	(void)state;
	assert_true(read_text(
		report,
		PROGRAM(7) FINDING(1, "holder", "lost", "certain",
				   SUMS(1, 10, 100, 9), "\"ring\"", "")
			FINDING(1, "ring", "cycle", "likely", SUMS(1, 40, 5, 1),
				"", "") FINDING(1, "maybe", "lost", "suspect",
						SUMS(1, 999, 999, 1), "", ""),
		0));
	report_finish(report);
	sum = report_summary(report);
	assert_int_equal(sum.findings, 2);
	assert_int_equal(sum.cycles, 1);
	assert_int_equal(sum.lost, 1);
	assert_int_equal(sum.suspects, 1);
	assert_int_equal(sum.bytes, 50);
	assert_int_equal(sum.retained_bytes, 60);
	assert_string_equal(report->findings->id, "holder");
	report_free(report);
}

/* One ring stands alone and keeps 100 bytes, another like it is held. */
static void rings_alone_and_held_are_told_apart(void **state)
{
	struct report *report = report_new();
	struct summary sum;

	(void)state;
	assert_true(read_text(
		report,
		PROGRAM(7) FINDING(1, "holder", "lost", "certain",
				   SUMS(1, 10, 80, 2) ",\"outer_bytes\":90",
				   "\"ring\"", "")
			FINDING(1, "ring", "cycle", "certain",
				SUMS(2, 160, 100, 1) ",\"outer_bytes\":180", "",
				""),
		0));
	report_finish(report);
	sum = report_summary(report);
	assert_int_equal(sum.bytes, 170);
	assert_int_equal(sum.retained_bytes, 100);
	report_free(report);
}

static void reading_stops_after_a_scan(void **state)
{
	struct report *report = report_new();

	(void)state;
	assert_true(read_text(report,
			      PROGRAM(7) FINDING(1, "a", "lost", "likely",
						 SUMS(1, 1, 0, 0), "", "")
				      SCAN(1) FINDING(2, "a", "lost", "likely",
						      SUMS(2, 2, 0, 0), "", "")
					      SCAN(2),
			      1));
	report_finish(report);
	assert_int_equal(find(report, "a")->sums.count, 1);
	assert_int_equal(scan_figures(report->last_scan).n, 1);
	report_free(report);
}

static void damage_is_noted_and_survived(void **state)
{
	struct report *report = report_new();

	(void)state;
	assert_true(read_text(report,
			      PROGRAM(7) "nonsense\n{\"t\":\"new\"}\n" FINDING(
				      1, "a", "lost", "likely",
				      SUMS(1, 1, 0, 0), "", "") "{\"t\":\"fin",
			      0));
	report_finish(report);
	assert_int_equal(find(report, "a")->sums.count, 1);
	assert_non_null(report->damages);
	assert_non_null(strstr(report->damages->text, "truncated at line 5"));
	assert_non_null(report->damages->next);
	assert_non_null(strstr(report->damages->next->text, "at line 2"));
	report_free(report);
}

static void bytes_travel_as_characters(void **state)
{
	char *text = text_from_bytes("a\xff\x80\xc3\xa4\xed\xa0\x80", 8), *back;

	(void)state;
	back = path_bytes(text);
	assert_string_equal(back, "a\xff\x80\xc3\xa4\xed\xa0\x80");
	free(back);
	back = text_clean(text);
	assert_string_equal(back, "a\xef\xbf\xbd\xef\xbf\xbd\xc3\xa4"
				  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	free(back);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_scan_replaces_sums),
		cmocka_unit_test(programs_add_up),
		cmocka_unit_test(what_points_nowhere_is_dropped),
		cmocka_unit_test(macros_tell),
		cmocka_unit_test(words_tell),
		cmocka_unit_test(edges_of_what_is_kept_stand_apart),
		cmocka_unit_test(pending_is_no_alarm),
		cmocka_unit_test(pending_that_is_gone_was_no_error),
		cmocka_unit_test(warnings_have_places),
		cmocka_unit_test(summary_counts_each_byte_once),
		cmocka_unit_test(rings_alone_and_held_are_told_apart),
		cmocka_unit_test(reading_stops_after_a_scan),
		cmocka_unit_test(damage_is_noted_and_survived),
		cmocka_unit_test(bytes_travel_as_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
