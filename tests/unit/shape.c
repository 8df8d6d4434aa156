/* Shapes: what is one finding, and what is not. */
#include "find.h"

/* All of an id counts: of so many, some share half of its bits. */
static void ids_are_whole(void **state)
{
	const uint32_t n = 400000;
	uint32_t i;

	(void)state;
	for (i = 0; i < n; i++)
		make_node(&m, i, 8);
	find(n);
	for (i = 0; i < n; i++)
		assert_int_equal(found.list[i].count, 1);
}

/* Kind and classes are as before, but for the direction of an edge, or for one
 * that is missing. */
static void edges_are_of_the_shape(void **state)
{
	uint32_t a, b, c;

	(void)state;
	a = make_ring(&m, 3, 0);
	m.class[a + 1] = 1;
	m.class[a + 2] = 2;
	b = make_ring(&m, 3, 0);
	m.class[b + 1] = 2;
	m.class[b + 2] = 1;
	c = make_ring(&m, 3, 0);
	m.class[c + 1] = 1;
	m.class[c + 2] = 2;
	make_edge(&m, c, c + 2);
	while (m.classes < 3) {
		MAKE_GROW(m.class_hash, m.classes);
		m.class_hash[m.classes] = m.classes + 77;
		m.classes++;
	}
	find(3);
	assert_int_equal(with(a)->count, 1);
	assert_int_not_equal(with(a)->id, with(b)->id);
	assert_int_not_equal(with(a)->id, with(c)->id);
}

/* Neither how many members a class has nor what hangs on them. */
static void numbers_are_not(void **state)
{
	uint32_t a, b;

	(void)state;
	a = make_ring(&m, 2, 0);
	make_node(&m, 1, 8);
	b = make_ring(&m, 7, 0);
	make_edge(&m, b + 3, b);
	make_edge(&m, a, make_node(&m, 1, 8));
	find(2);
	assert_int_equal(with(a)->count, 2);
}

/* A cycle of one block and the same block lost are two. */
static void kinds_are_of_the_shape(void **state)
{
	uint32_t a;

	(void)state;
	a = make_ring(&m, 1, 0);
	m.flags[a] = NODE_SELF;
	make_node(&m, 0, 8);
	find(2);
	assert_int_equal(with(0)->kind, FINDING_CYCLE);
	assert_int_equal(with(1)->kind, FINDING_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ids_are_whole),
		TEST(edges_are_of_the_shape),
		TEST(numbers_are_not),
		TEST(kinds_are_of_the_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
