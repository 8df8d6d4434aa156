/*
 * What the counts of objects, and their absence, say of samples.
 */
#include "sketch.h"

#define CONTROL "St23_Sp_counted_ptr_inplaceI4Core"

/* A root that counts `count` references, and three nodes whose field of one
 * name leads back to it. */
static struct sketch tree(uint64_t count)
{
	struct sketch s = sketch_new();
	size_t i;

	for (i = 0; i < 4; i++) {
		struct member *member = block(&s, 32, i ? "main@2" : "main@1");

		member->type = "node";
		member->type_from = TYPE_FROM_DEBUG;
		member->count_field = "refs";
		member->field_count = i ? 1 : count;
		member->in_degree = i ? 1 : 3;
	}
	for (i = 1; i < 4; i++) {
		field(word(&s, 0, 8 * (int64_t)i, i), "kid", OWN_UNKNOWN);
		field(word(&s, i, 8, 0), "above", OWN_UNKNOWN);
	}
	mean(&s);
	return s;
}

static void fields_beyond_the_count_do_not_count(void **state)
{
	struct sketch s = tree(1);

	(void)state;
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->head, 0);
	assert_int_equal(s.finding->kept_n, 3);
	sketch_free(&s);
	s = tree(3); /* they may all count */
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	sketch_free(&s);
	s = tree(0); /* the value is not told */
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	sketch_free(&s);
}

/* An engine that holds its core by a shared_ptr; the core, made by one call
 * with what counts for it, leads back by a word. No type is known. */
static struct sketch engine(void)
{
	static const uint64_t at[] = {8, 12}, ones[] = {1, 1};
	struct sketch s = sketch_new();
	struct member *core;

	block(&s, 24, "main@1")->rtti = "6Engine";
	core = block(&s, 48, "main@2");
	core->rtti = CONTROL;
	core->in_degree = 2;
	core->counts_n = 2;
	core->counts = at;
	core->count_values = ones;
	word_into(&s, 0, 8, 1, 16);
	word(&s, 0, 16, 1);
	word(&s, 1, 16, 0);
	return s;
}

static void word_without_a_type_leaves_it_open(void **state)
{
	struct sketch s = engine();

	(void)state;
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_UNKNOWN);
	assert_int_equal(s.finding->edges[0].ownership, OWN_COUNTED);
	sketch_free(&s);
	s = engine(); /* a count of its own: as macros have it */
	s.finding->members[0].has_count = true;
	s.finding->members[0].count = 1;
	mean(&s);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	sketch_free(&s);
	s = engine(); /* a wrapper owns what it leads to */
	s.finding->members[1].type = "std::function<void()>";
	s.finding->members[1].type_from = TYPE_FROM_VTABLE;
	mean(&s);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	sketch_free(&s);
}

/* A block with a pair of words to itself, made with what counts for it, that
 * keeps another. */
static struct sketch self_in(uint64_t weak, enum ownership field)
{
	static const uint64_t at[] = {8, 12};
	static uint64_t values[] = {1, 1};
	struct sketch s = sketch_new();
	struct member *head = block(&s, 56, "main@1");

	values[1] = weak;
	head->rtti = CONTROL;
	head->in_degree = 2;
	head->counts_n = 2;
	head->counts = at;
	head->count_values = values;
	s.finding->kind = KIND_LOST;
	word_into(&s, 0, 16, 0, 16);
	word(&s, 0, 24, 0);
	block(&s, 16, "main@2");
	s.finding->members_n = s.finding->members_total = 1;
	s.finding->kept_n = 1;
	word(&s, 0, 32, 1);
	word(&s, 1, 0, 1);
	s.finding->edges_n = s.finding->kept_edges_n = 2;
	s.finding->edges[0].ownership = s.finding->edges[1].ownership = field;
	s.finding->sums.count = 1;
	mean(&s);
	return s;
}

static struct sketch self(uint64_t weak)
{
	return self_in(weak, OWN_UNKNOWN);
}

static void what_counts_itself_is_a_cycle(void **state)
{
	struct sketch s = self(1); /* nobody holds it weakly */

	(void)state;
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	assert_int_equal(s.finding->members_n, 1);
	assert_int_equal(s.finding->objects_n, 1);
	assert_int_equal(s.finding->kept_n, 0);
	assert_int_equal(s.finding->edges_n, 1);
	assert_int_equal(s.finding->cut, 0);
	assert_int_equal(s.finding->ring_n, 1);
	sketch_free(&s);
	s = self_in(1, OWN_UNIQUE); /* a std::function has it in itself */
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->edges[0].ownership, OWN_COUNTED);
	sketch_free(&s);
	s = self_in(2, OWN_UNIQUE);
	assert_int_equal(s.finding->kind, KIND_LOST);
	sketch_free(&s);
	s = self(2); /* it may well be enable_shared_from_this */
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->kept_n, 1);
	sketch_free(&s);
}

/* A holder whose constructor makes a part, which it holds by a shared_ptr. */
static void shared_half_is_no_ring(void **state)
{
	struct sketch s = sketch_new();
	struct finding *finding = s.finding;

	(void)state;
	block(&s, 24, "main@100")->type = "Holder";
	finding->members[0].type_from = TYPE_FROM_DEBUG;
	block(&s, 24, "Holder::Holder()@7<main@112")->type = "Service";
	finding->members[1].type_from = TYPE_FROM_DEBUG;
	block(&s, 24, "Holder::Holder()@9<main@112")->rtti =
		"St15_Sp_counted_ptrIP7ServiceE";
	finding->kind = KIND_LOST;
	finding->members_n = finding->members_total = 1;
	finding->kept_n = 2;
	field(word(&s, 0, 0, 1), "service", OWN_COUNTED);
	field(word(&s, 0, 8, 2), "service", OWN_COUNTED);
	finding->edges[0].smart = "std::shared_ptr";
	word(&s, 2, 16, 1);
	finding->kept_edges_n = finding->edges_n;
	finding->edges_n = 0;
	finding->sums.count = 1;
	mean(&s);
	assert_int_equal(finding->kind, KIND_LOST);
	assert_int_equal(finding->members_n, 1);
	assert_int_equal(finding->edges_n, 0);
	sketch_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_beyond_the_count_do_not_count),
		cmocka_unit_test(word_without_a_type_leaves_it_open),
		cmocka_unit_test(what_counts_itself_is_a_cycle),
		cmocka_unit_test(shared_half_is_no_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
