/*
 * What samples written by hand mean: parts, cause, figures.
 */
#include "sketch.h"

/* Each held once, as a part is. */
static void two_blocks_in_c_are_objects(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	block(&s, 32, "a_new@4<main@10");
	block(&s, 48, "b_new@4<main@20");
	word(&s, 0, 0, 1);
	word(&s, 1, 8, 0);
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_UNKNOWN);
	assert_int_equal(s.finding->objects_n, 2);
	assert_int_equal(s.finding->edges_n, 2);
	assert_int_equal(s.finding->ring_n, 2);
	assert_int_equal(s.finding->ring[1], s.finding->cut);
	assert_string_equal(s.finding->title, "32 bytes ⇄ 48 bytes");
	assert_string_equal(s.finding->origin, "program");
	sketch_free(&s);
}

static void three_blocks_in_c_are_objects(void **state)
{
	struct sketch s = sketch_new();
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		block(&s, 32,
		      i ? i > 1 ? "c@1<main@10" : "b@1<main@9" : "a@1<main@8");
	for (i = 0; i < 3; i++)
		word(&s, i, 8, (i + 1) % 3);
	mean(&s);
	assert_int_equal(s.finding->objects_n, 3);
	assert_int_equal(s.finding->ring_n, 3);
	assert_string_equal(s.finding->title,
			    "32 bytes → 32 bytes → 32 bytes → 32 bytes");
	sketch_free(&s);
}

/* An object of a class and what its constructor makes, which points back. */
static struct sketch pimpl(const char *calls)
{
	struct sketch s = sketch_new();

	block(&s, 16, "main@100")->rtti = "6Object";
	s.finding->members[0].type = "Object";
	s.finding->members[0].type_from = TYPE_FROM_VTABLE;
	block(&s, 24, calls)->rtti = "4Half";
	s.finding->members[1].type = "Half";
	s.finding->members[1].type_from = TYPE_FROM_VTABLE;
	word(&s, 0, 8, 1);
	word(&s, 1, 8, 0);
	s.finding->sums = (struct sums){.count = 10,
					.bytes = 400,
					.retained_bytes = 5,
					.retained_blocks = 1,
					.outer_bytes = 405,
					.outer = 10,
					.blocks = 20};
	mean(&s);
	return s;
}

static void private_half_is_a_part(void **state)
{
	struct sketch s = pimpl("Object::Object()@7<main@112");
	const struct sums *sums = &s.finding->sums;

	(void)state;
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->cause, CAUSE_UNRELEASED);
	assert_int_equal(s.finding->members_n, 1);
	assert_int_equal(s.finding->kept_n, 1);
	assert_int_equal(s.finding->members[1].part_of, 0);
	assert_int_equal(s.finding->cut, -1);
	assert_string_equal(s.finding->title, "Object");
	assert_int_equal(sums->count, 10);
	assert_int_equal(sums->bytes, 160);
	assert_int_equal(sums->retained_bytes, 245);
	assert_int_equal(sums->retained_blocks, 11);
	sketch_free(&s);
}

static void private_half_without_names(void **state)
{
	struct sketch s = pimpl("?@7<main@112");

	(void)state;
	assert_int_equal(s.finding->kind, KIND_CYCLE); /* main has a name */
	sketch_free(&s);
	s = sketch_new();
	block(&s, 16, "?@100")->rtti = "6Object";
	block(&s, 24, "?@7<?@112")->rtti = "4Half";
	word(&s, 0, 8, 1);
	word(&s, 1, 8, 0);
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_LOST);
	sketch_free(&s);
}

/* Made by the function that made the owner, by another function of the
 * program, by another class's constructor, before the owner. */
static void what_others_make_is_no_part(void **state)
{
	static const char *const calls[] = {
		"main@112", "half_new(Object*)@7<main@112",
		"Other::Other()@7<main@112", "Object::Object()@7<main@90"};
	struct sketch s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		s = pimpl(calls[i]);
		assert_int_equal(s.finding->kind, KIND_CYCLE);
		assert_int_equal(s.finding->objects_n, 2);
		assert_int_equal(s.finding->members[0].part_of, -1);
		sketch_free(&s);
	}
}

static void count_of_its_own_is_an_identity(void **state)
{
	static const struct type half = {.kind = TYPE_RECORD,
					 .language = LANGUAGE_C};
	struct sketch s = sketch_new();

	(void)state;
	block(&s, 16, "main@100")->type = "Object";
	block(&s, 24, "Object::Object()@7<main@112")->count_field = "refs";
	s.finding->members[1].shape = &half;
	word(&s, 0, 8, 1);
	word(&s, 1, 8, 0);
	mean(&s);
	assert_int_equal(s.finding->objects_n, 2);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	/* the counted one, although it leads to what was made later */
	assert_int_equal(cut_of(&s)->offset, 8);
	assert_int_equal(cut_of(&s)->ownership, OWN_COUNTED);
	sketch_free(&s);
}

/* A service that holds a weak pointer to itself, and what counts for it. */
static struct sketch service(void)
{
	struct sketch s = sketch_new();

	block(&s, 24, "main@100");
	block(&s, 24, "main@140")->rtti = "St15_Sp_counted_ptrIP7ServiceE";
	word(&s, 0, 0, 0);
	word(&s, 0, 8, 1);
	word(&s, 1, 16, 0);
	s.finding->sums = (struct sums){.count = 4, .bytes = 192, .blocks = 8};
	return s;
}

static void control_block_is_a_part(void **state)
{
	struct sketch s = service();

	(void)state;
	s.finding->sums.outer_bytes = 192;
	s.finding->sums.outer = 4;
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->members[1].part_of, 0);
	assert_int_equal(s.finding->edges_n, 1);
	assert_int_equal(s.finding->edges[0].ownership, OWN_WEAK);
	assert_string_equal(s.finding->edges[0].kind, "weak");
	assert_int_equal(s.finding->sums.bytes, 96);
	assert_int_equal(s.finding->sums.retained_blocks, 4);
	sketch_free(&s);
}

/* Another finding holds it all: it is none of its own. */
static void held_ring_without_owners_is_dropped(void **state)
{
	struct sketch s = service();
	struct finding holder = {.id = "h", .kind = KIND_LOST, .cut = -1};
	struct finding inner = {.id = "i", .kind = KIND_LOST, .cut = -1};
	const char *nested[] = {"a"}, *below[] = {"i"};

	(void)state;
	holder.nested = nested;
	s.finding->nested = below;
	holder.nested_n = s.finding->nested_n = 1;
	s.finding->is_nested = inner.is_nested = true;
	HASH_ADD_KEYPTR(hh, s.report->findings, holder.id, 1, &holder);
	HASH_ADD_KEYPTR(hh, s.report->findings, inner.id, 1, &inner);
	mean(&s);
	assert_int_equal(HASH_COUNT(s.report->findings), 2);
	assert_int_equal(holder.nested_n, 1);
	assert_string_equal(holder.nested[0], "i");
	sketch_free(&s);
}

/* Six of ten instances are held by another finding. */
static void held_instances_are_not_counted(void **state)
{
	struct sketch s = service();

	(void)state;
	s.finding->sums = (struct sums){.count = 10,
					.bytes = 480,
					.outer = 4,
					.outer_bytes = 192,
					.blocks = 20};
	s.finding->is_nested = true;
	mean(&s);
	assert_int_equal(HASH_COUNT(s.report->findings), 1);
	assert_false(s.finding->is_nested);
	assert_int_equal(s.finding->sums.count, 4);
	assert_int_equal(s.finding->sums.bytes, 96);
	assert_int_equal(s.finding->sums.retained_bytes, 96);
	assert_int_equal(s.finding->sums.retained_blocks, 4);
	sketch_free(&s);
}

static void head_has_what_is_held_open(void **state)
{
	static const char *open[] = {"fd 3 /x"};
	struct sketch s = service();

	(void)state;
	s.finding->sums.outer_bytes = 192;
	s.finding->members[1].resources = open;
	s.finding->members[1].resources_n = 1;
	s.finding->members[1].finalizer = NULL;
	mean(&s);
	assert_int_equal(s.finding->members[0].resources_n, 1);
	assert_string_equal(s.finding->members[0].resources[0], "fd 3 /x");
	sketch_free(&s);
}

/* A tree of unique children with C++ pointers to their parents. */
static void borrowed_pointers_close_no_cycle(void **state)
{
	static const struct type node = {
		.kind = TYPE_RECORD, .language = LANGUAGE_CXX, .name = "Node"};
	struct sketch s = sketch_new();
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct member *member =
			block(&s, 40, i == 2 ? "main@1" : "main@2");

		member->shape = &node;
		member->type = "Node";
		member->type_from = TYPE_FROM_VTABLE;
	}
	for (i = 0; i < 4; i++) {
		if (i == 2)
			continue;
		field(word(&s, 2, 8 * (int64_t)i, i), "kid", OWN_UNIQUE);
		field(word(&s, i, 32, 2), "up", OWN_UNKNOWN);
	}
	s.finding->sums = (struct sums){.count = 1, .bytes = 160, .blocks = 4};
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->head, 0);
	assert_int_equal(s.finding->members[0].stack->frames[0].address, 1);
	assert_int_equal(s.finding->sums.bytes, 40);
	assert_int_equal(s.finding->sums.retained_blocks, 3);
	sketch_free(&s);
}

/* The same pointers alone tell nothing. */
static void plain_pointers_may_own(void **state)
{
	static const struct type node = {.kind = TYPE_RECORD,
					 .language = LANGUAGE_CXX};
	struct sketch s = sketch_new();

	(void)state;
	block(&s, 40, "main@1")->shape = &node;
	block(&s, 40, "main@2")->shape = &node;
	field(word(&s, 0, 8, 1), "other", OWN_UNKNOWN);
	field(word(&s, 1, 8, 0), "other", OWN_BORROWED);
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_UNKNOWN);
	sketch_free(&s);
}

/* A shared pointer back to what a plain one leads down from: that may be how
 * the child is owned. */
static void plain_pointer_down_may_own(void **state)
{
	static const struct type node = {.kind = TYPE_RECORD,
					 .language = LANGUAGE_CXX};
	struct sketch s = sketch_new();
	struct member *member;

	(void)state;
	member = block(&s, 40, "main@1");
	member->shape = &node;
	member->since = 1;
	member = block(&s, 48, "main@2");
	member->shape = &node;
	member->since = 2;
	field(word(&s, 0, 8, 1), "child", OWN_UNKNOWN);
	field(word(&s, 1, 8, 0), "up", OWN_COUNTED);
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_UNKNOWN);
	assert_string_equal(s.finding->edges[s.finding->cut].field, "up");
	assert_int_equal(s.finding->members[s.finding->head].size, 48);
	sketch_free(&s);
}

/* What is shown of a large cycle may have no ring. */
static void part_of_a_large_cycle_stays_one(void **state)
{
	struct sketch s = sketch_new();
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		block(&s, 32, "main@1");
	for (i = 0; i + 1 < 100; i++)
		word(&s, i + 1, 8, i);
	s.finding->members_total = 1000;
	s.finding->cut = 7;
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_UNKNOWN);
	assert_int_equal(s.finding->members_n, 100);
	assert_int_equal(s.finding->ring_n, 0);
	assert_true(s.finding->cut >= 0);
	sketch_free(&s);
}

/* What the program asks GLib for is the program's. */
static void glib_is_no_origin(void **state)
{
	static struct module glib = {
		.key = "", .path = "/usr/lib/libglib-2.0.so.0", .build_id = ""};
	static struct module gio = {
		.key = "", .path = "/usr/lib/libgio-2.0.so.0", .build_id = ""};
	static const struct {
		struct module *caller;
		const char *origin;
	} cases[] = {{&program_module, "program"},
		     {&gio, "libgio-2.0.so.0"},
		     {&glib, "libglib-2.0.so.0"}};
	struct sketch s;
	struct frame *frames;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		s = sketch_new();
		s.finding->kind = KIND_LOST;
		frames = block(&s, 96, "g_hash_table_new@1<make@2")
				 ->stack->frames;
		frames[0].module = &glib;
		frames[1].module = cases[i].caller;
		mean(&s);
		assert_string_equal(s.finding->origin, cases[i].origin);
		sketch_free(&s);
	}
}

static struct member *node(struct sketch *s)
{
	struct member *member = block(s, 64, "?@1");

	member->type = "Node";
	member->type_from = TYPE_FROM_RUNTIME;
	member->runtime = "python";
	member->has_count = true;
	member->count = 1;
	return member;
}

/* Its dictionary, as its runtime tells it. */
static void dictionary(struct sketch *s, long owner)
{
	struct member *member = block(s, 104, "?@2");

	member->is_told_part = true;
	member->part_of = owner;
}

static void attribute(struct sketch *s, size_t from, size_t part, size_t to)
{
	struct edge *edge = word(s, from, 8, part);

	edge->is_link = true;
	edge = word(s, part, 16, to);
	edge->is_link = true;
	edge->field = "ref";
}

static void attributes_are_fields(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	node(&s);
	node(&s);
	dictionary(&s, 0);
	dictionary(&s, 1);
	attribute(&s, 0, 2, 1);
	attribute(&s, 1, 3, 0);
	s.finding->sighting.dead = true;
	mean(&s);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	assert_int_equal(s.finding->objects_n, 2);
	assert_int_equal(s.finding->edges_n, 2);
	assert_string_equal(s.finding->title, "Node ⇄ Node");
	assert_string_equal(cut_of(&s)->field, "ref");
	assert_int_equal(cut_of(&s)->ownership, OWN_COUNTED);
	assert_string_equal(s.finding->cut_advice,
			    "make Node.ref a weakref.ref");
	sketch_free(&s);
}

/* A connection and its cache hold each other, which the collector sees; and C
 * code of the connection keeps a callback, which it does not. */
static void unseen_references_make_the_ring(void **state)
{
	struct sketch s = sketch_new();
	struct edge *edge;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		node(&s)->count = i ? 1 : 2;
	block(&s, 24, "?@3");
	for (i = 0; i < 3; i++) {
		edge = word(&s, i, 16, i == 2 ? 0 : 1 - i);
		edge->is_link = true;
		edge->field = i == 2 ? "owner" : "cache";
	}
	word(&s, 0, 32, 3);
	word(&s, 3, 8, 2);
	s.finding->sighting.dead = true;
	mean(&s);
	assert_int_equal(cut_of(&s)->from, 2);
	assert_int_equal(s.finding->ring_n, 3);
	sketch_free(&s);
}

static void nothing_is_known(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	mean(&s); /* no members */
	assert_null(s.finding->title);
	sketch_free(&s);
	s = sketch_new();
	block(&s, 32, "main@1");
	mean(&s); /* no word: it counts a reference on itself somewhere */
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	sketch_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_blocks_in_c_are_objects),
		cmocka_unit_test(three_blocks_in_c_are_objects),
		cmocka_unit_test(private_half_is_a_part),
		cmocka_unit_test(private_half_without_names),
		cmocka_unit_test(what_others_make_is_no_part),
		cmocka_unit_test(count_of_its_own_is_an_identity),
		cmocka_unit_test(control_block_is_a_part),
		cmocka_unit_test(held_ring_without_owners_is_dropped),
		cmocka_unit_test(held_instances_are_not_counted),
		cmocka_unit_test(head_has_what_is_held_open),
		cmocka_unit_test(borrowed_pointers_close_no_cycle),
		cmocka_unit_test(plain_pointers_may_own),
		cmocka_unit_test(plain_pointer_down_may_own),
		cmocka_unit_test(part_of_a_large_cycle_stays_one),
		cmocka_unit_test(glib_is_no_origin),
		cmocka_unit_test(attributes_are_fields),
		cmocka_unit_test(unseen_references_make_the_ring),
		cmocka_unit_test(nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
