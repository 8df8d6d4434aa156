/*
 * The edges of objects, the cut, what is advised, on samples written by hand.
 */
#include "sketch.h"

static const struct type club_type = {.kind = TYPE_RECORD,
				      .language = LANGUAGE_CXX};
static const struct type c_type = {.kind = TYPE_RECORD, .language = LANGUAGE_C};
static const struct type rust_type = {.kind = TYPE_RECORD,
				      .language = LANGUAGE_RUST};

static struct member *typed(struct sketch *s, const char *type,
			    const struct type *shape, const char *calls)
{
	struct member *member = block(s, 48, calls);

	member->type = type;
	member->shape = shape;
	member->type_from = TYPE_FROM_DEBUG;
	return member;
}

static struct edge *shared(struct sketch *s, size_t from, int64_t offset,
			   size_t to, const char *name)
{
	struct edge *edge = word(s, from, offset, to);

	field(edge, name, OWN_COUNTED);
	edge->smart = "std::shared_ptr";
	return edge;
}

static void storage_is_led_through(void **state)
{
	struct sketch s = sketch_new();
	struct member *buffer;
	const struct edge *edge;
	size_t i;

	(void)state;
	typed(&s, "app::Club", &club_type, "main@1");
	typed(&s, "app::Member", &club_type, "main@2");
	typed(&s, "app::Member", &club_type, "main@2");
	buffer = block(&s, 32, "grow@9<main@3");
	buffer->is_inside = true;
	field(word(&s, 0, 24, 3), "members", OWN_UNIQUE);
	field(word_into(&s, 0, 32, 3, 32), "members", OWN_UNIQUE);
	shared(&s, 3, 0, 1, "[0]");
	shared(&s, 3, 16, 2, "[1]");
	shared(&s, 1, 8, 0, "club");
	shared(&s, 2, 8, 0, "club");
	mean(&s);
	assert_int_equal(s.finding->objects_n, 3);
	assert_int_equal(s.finding->members[3].part_of, 0);
	assert_int_equal(s.finding->edges_n, 4);
	for (i = 0; i < 4 && !s.finding->edges[i].via_n;)
		i++;
	edge = &s.finding->edges[i];
	assert_string_equal(edge->field, "members[0]");
	assert_int_equal(edge->offset, 24);
	assert_int_equal(edge->via[0], 3);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	assert_string_equal(cut_of(&s)->field, "club");
	assert_string_equal(
		s.finding->cut_advice,
		"make app::Member::club a std::weak_ptr<app::Club>");
	assert_string_equal(s.finding->title, "app::Club ⇄ app::Member");
	assert_int_equal(s.finding->head, 0);
	sketch_free(&s);
}

/* Nodes point at each other, and back at the end of the list in their owner. */
static void nodes_of_a_list_are_numbered(void **state)
{
	struct sketch s = sketch_new();
	size_t i, seen = 0;
	char name[16];

	(void)state;
	typed(&s, "Club", &club_type, "main@1");
	for (i = 1; i <= 3; i++)
		typed(&s, "Member", &club_type, "main@2");
	for (i = 4; i <= 6; i++)
		block(&s, 24, "push@9<main@3")->is_inside = true;
	field(word(&s, 0, 8, 4), "members", OWN_UNIQUE);
	field(word(&s, 0, 16, 6), "members", OWN_UNIQUE);
	for (i = 4; i <= 6; i++) {
		if (i < 6)
			word(&s, i, 0, i + 1);
		else
			word_into(&s, i, 0, 0, 8);
		if (i > 4)
			word(&s, i, 8, i - 1);
		else
			word_into(&s, i, 8, 0, 8);
		shared(&s, i, 16, i - 3, NULL);
		shared(&s, i - 3, 8, 0, "club");
	}
	mean(&s);
	assert_int_equal(s.finding->objects_n, 4);
	assert_int_equal(s.finding->edges_n, 6);
	for (i = 0; i < 6; i++) {
		const struct edge *edge = &s.finding->edges[i];

		if (!edge->via_n)
			continue;
		snprintf(name, sizeof(name), "members[%zu]", seen);
		assert_string_equal(edge->field, name);
		assert_int_equal(edge->via_n, ++seen);
	}
	assert_int_equal(seen, 3);
	sketch_free(&s);
}

/* A list of numbers in a lost object is no ring of references. */
static void end_of_a_list_owns_nothing(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	block(&s, 48, "main@1")->rtti = "4Club";
	block(&s, 24, "?@7<main@2");
	word(&s, 0, 16, 1);
	word(&s, 0, 24, 1);
	word_into(&s, 1, 0, 0, 16);
	word_into(&s, 1, 8, 0, 16);
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->members[1].part_of, 0);
	sketch_free(&s);
}

/* Child and parent were made together with what counts for them: `use` and
 * `weak` are what the parent's counts say. The child's pointer back is shared
 * or weak. */
static struct sketch family(uint64_t use, uint64_t weak, size_t children)
{
	static const char name[] = "St23_Sp_counted_ptr_inplaceI1AE";
	static const uint64_t at[] = {8, 12};
	static uint64_t values[2], ones[] = {1, 1};
	struct sketch s = sketch_new();
	size_t i;

	values[0] = use;
	values[1] = weak;
	for (i = 0; i <= children; i++) {
		struct member *member = block(&s, 64, i ? "main@2" : "main@1");

		member->rtti = name;
		member->counts_n = 2;
		member->counts = at;
		member->count_values = i ? ones : values;
	}
	for (i = 1; i <= children; i++) {
		word_into(&s, 0, 16 + 16 * (int64_t)i, i, 16);
		word(&s, 0, 24 + 16 * (int64_t)i, i);
		word_into(&s, i, 32, 0, 16);
		word(&s, i, 40, 0);
	}
	mean(&s);
	return s;
}

static void counts_tell_weak_from_shared(void **state)
{
	struct sketch s = family(1, 1, 1); /* nobody holds it weakly */

	(void)state;
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	assert_int_equal(s.finding->edges_n, 2);
	assert_int_equal(s.finding->edges[0].ownership, OWN_COUNTED);
	assert_non_null(strstr(s.finding->cut_advice, "std::weak_ptr"));
	sketch_free(&s);
	s = family(1, 4, 3); /* three weak ones, and one shared */
	assert_int_equal(s.finding->kind, KIND_LOST);
	sketch_free(&s);
	s = family(1, 2, 1); /* one of each: it may be either */
	assert_int_equal(s.finding->kind, KIND_CYCLE);
	sketch_free(&s);
}

static void name_of_a_back_pointer_comes_first(void **state)
{
	static const char *const names[] = {"parent", "tray.owner_",
					    "m_pParent", "parentItem"};
	static const char *const others[] = {"parents", "backup", "selfish",
					     "next"};
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct sketch s = sketch_new();

		typed(&s, "a", &c_type, "main@1");
		typed(&s, "b", &c_type, "main@2");
		field(word(&s, 0, 0, 1), i < 4 ? names[i] : others[i - 4],
		      OWN_UNKNOWN);
		field(word(&s, 1, 8, 0), "b", OWN_UNKNOWN);
		s.finding->members[0].since = 1;
		s.finding->members[1].since = 2;
		mean(&s);
		assert_int_equal(cut_of(&s)->offset, i < 4 ? 0 : 8);
		sketch_free(&s);
	}
}

static void last_link_comes_before_shape(void **state)
{
	struct sketch s = sketch_new();
	struct edge *edge;

	(void)state;
	typed(&s, "a", NULL, "main@1")->type_from = TYPE_FROM_MACRO;
	typed(&s, "b", NULL, "main@2")->type_from = TYPE_FROM_MACRO;
	edge = word(&s, 0, 0, 1);
	edge->field = "first";
	edge->stack = s.finding->members[0].stack;
	edge = word(&s, 1, 8, 0);
	edge->field = "second";
	edge->stack = s.finding->members[1].stack;
	s.finding->members[0].since = 1;
	s.finding->members[1].since = 2;
	s.finding->cut = 0;
	mean(&s);
	assert_int_equal(s.finding->cause, CAUSE_CYCLE);
	assert_string_equal(cut_of(&s)->field, "first");
	assert_non_null(
		strstr(s.finding->cut_advice, "GORDIAN_WEAK(owner, first)"));
	sketch_free(&s);
}

static void what_owns_alone_is_not_cut(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	typed(&s, "Session", &club_type, "main@1")->type_from =
		TYPE_FROM_VTABLE;
	typed(&s, "Handler", &club_type, "main@2")->type_from =
		TYPE_FROM_VTABLE;
	field(word(&s, 0, 0, 1), "parent", OWN_UNIQUE);
	shared(&s, 1, 8, 0, "session");
	mean(&s);
	assert_string_equal(cut_of(&s)->field, "session");
	sketch_free(&s);
}

/* Many kids, one root; the words of a table are not cut. */
static void many_lead_to_few(void **state)
{
	struct sketch s = sketch_new();
	size_t i;

	(void)state;
	block(&s, 48, "main@1");
	for (i = 1; i <= 3; i++) {
		block(&s, 48, "main@2");
		word(&s, 0, 8 * (int64_t)i, i);
		word(&s, i, 40, 0);
	}
	mean(&s);
	assert_int_equal(cut_of(&s)->offset, 40);
	assert_int_equal(cut_of(&s)->to, 0);
	assert_int_equal(s.finding->head, 0);
	sketch_free(&s);
}

static void weak_words_make_no_ring(void **state)
{
	struct sketch s = sketch_new();

	(void)state;
	block(&s, 48, "main@1");
	block(&s, 48, "main@2");
	word(&s, 0, 0, 1);
	word(&s, 1, 8, 0)->kind = "weak";
	mean(&s);
	assert_int_equal(s.finding->kind, KIND_LOST);
	assert_int_equal(s.finding->members[0].stack->frames[0].address, 1);
	sketch_free(&s);
}

static const char *advice_of(struct sketch *s, const struct type *shape,
			     const char *smart, enum ownership ownership,
			     const char *name)
{
	struct edge *edge;

	typed(s, "Parent", shape, "make@5<main@1");
	typed(s, "Child", shape, "make@5<main@2");
	field(word(s, 0, 8, 1), "child", ownership);
	edge = word(s, 1, 8, 0);
	field(edge, name, ownership);
	edge->smart = smart;
	s->finding->members[0].since = 1;
	s->finding->members[1].since = 2;
	mean(s);
	return s->finding->cut_advice;
}

static void advice_speaks_the_language(void **state)
{
	static const struct {
		const struct type *shape;
		const char *smart;
		enum ownership ownership;
		const char *name, *advice;
	} cases[] = {
		{&rust_type, "rc::Rc", OWN_COUNTED, "parent",
		 "make Child.parent a rc::Weak<Parent> and call upgrade()"},
		{&rust_type, "sync::Arc", OWN_COUNTED, "parent",
		 "make Child.parent a sync::Weak<Parent> and call upgrade()"},
		{&club_type, "std::shared_ptr", OWN_COUNTED, "parents[2]",
		 "let Child::parents hold std::weak_ptr<Parent>"},
		{&club_type, "boost::intrusive_ptr", OWN_COUNTED, "parent",
		 "make Child::parent a plain Parent *, or clear it before "
		 "the last outside reference is released"},
		{&c_type, NULL, OWN_COUNTED, "parent",
		 "set Child.parent without taking a reference, or clear "
		 "it before the last outside reference is released"},
		{&c_type, NULL, OWN_UNKNOWN, "parent",
		 "set Child.parent without taking a reference, or clear "
		 "it before the last outside reference is released"},
	};
	struct sketch s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		s = sketch_new();
		assert_string_equal(
			advice_of(&s, cases[i].shape, cases[i].smart,
				  cases[i].ownership, cases[i].name),
			cases[i].advice);
		sketch_free(&s);
	}
}

static void advice_for_python_can_be_followed(void **state)
{
	static const char *const cases[][3] = {
		{"Child", "parent", "make Child.parent a weakref.ref"},
		{"cell", "cell_contents",
		 "let the function use a weakref.ref to its Parent, not the "
		 "Parent itself"},
		{"method", "__self__",
		 "keep a weakref.WeakMethod in place of the method of Parent"},
		{"getset_descriptor", "__objclass__",
		 "call gc.collect(): a class holds itself, and only the "
		 "collector frees it"},
	};
	struct sketch s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		s = sketch_new();
		typed(&s, "Parent", NULL, "make@5<main@1")->runtime = "python";
		typed(&s, cases[i][0], NULL, "make@5<main@2")->runtime =
			"python";
		s.finding->members[0].since = 1;
		s.finding->members[1].since = 2;
		field(word(&s, 0, 8, 1), "child", OWN_COUNTED);
		field(word(&s, 1, 8, 0), cases[i][1], OWN_COUNTED);
		mean(&s);
		assert_string_equal(s.finding->cut_advice, cases[i][2]);
		sketch_free(&s);
	}
}

static void acquires_are_those_of_the_cut(void **state)
{
	struct sketch s = sketch_new();
	struct acquire acquires[2] = {{.member = 0, .count = 1},
				      {.member = 1, .count = 2}};

	(void)state;
	block(&s, 48, "main@1")->since = 1;
	block(&s, 48, "main@2")->since = 2;
	word(&s, 0, 0, 1);
	word(&s, 1, 8, 0);
	s.finding->acquires = acquires;
	s.finding->acquires_n = 2;
	mean(&s);
	assert_int_equal(s.finding->acquires_n, 1);
	assert_int_equal(s.finding->acquires[0].member, cut_of(&s)->to);
	assert_int_equal(s.finding->acquires[0].count, 1);
	sketch_free(&s);
}

static void long_rings_have_short_titles(void **state)
{
	struct sketch s = sketch_new();
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		static const char *const names[] = {"A", "B", "C", "D",
						    "E", "F", "G"};

		typed(&s, names[i], &c_type, "main@1");
		field(word(&s, i, 8, (i + 1) % 7), i == 6 ? "parent" : "next",
		      OWN_UNKNOWN);
	}
	mean(&s);
	assert_string_equal(s.finding->title, "A → B → 4 more → G → A");
	sketch_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storage_is_led_through),
		cmocka_unit_test(nodes_of_a_list_are_numbered),
		cmocka_unit_test(end_of_a_list_owns_nothing),
		cmocka_unit_test(counts_tell_weak_from_shared),
		cmocka_unit_test(name_of_a_back_pointer_comes_first),
		cmocka_unit_test(last_link_comes_before_shape),
		cmocka_unit_test(what_owns_alone_is_not_cut),
		cmocka_unit_test(many_lead_to_few),
		cmocka_unit_test(weak_words_make_no_ring),
		cmocka_unit_test(advice_speaks_the_language),
		cmocka_unit_test(advice_for_python_can_be_followed),
		cmocka_unit_test(acquires_are_those_of_the_cut),
		cmocka_unit_test(long_rings_have_short_titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
