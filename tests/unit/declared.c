/* What runtimes declare: numbers, links in order, what is refused. */
#include <errno.h>
#include <string.h>
#include "heap-make.h"
#include "scan/declare.h"
#include "scan/declared.h"
#include "scan/links.h"
#include "scan/runtime.h"
#include "scan/unowned.h"

#define A (room + HERE)
#define B (room + HERE + 0x1000)
#define C (room + HERE + 0x8000)
#define D (room + HERE + 0x8100)

static struct arena arena;

static int object(uintptr_t block, int64_t count)
{
	struct declared_object o = {
		.block = block, .at = block, .count = count};

	return declare_object(&o);
}

static void begin(void)
{
	CHECK_EQUAL(blocks_build(NULL), 0);
	declare_begin(0);
}

static void none(void)
{
	block(A, 64);
	begin();
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK(!declared_exist && !unowned_weak_exist);
	CHECK_EQUAL(declared_find(A), DECLARED_NONE);
}

static void numbers(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	begin();
	CHECK_EQUAL(object(C, 2), 0);
	CHECK_EQUAL(object(A, 1), 0);
	CHECK_EQUAL(declare_part(D, C), 0);
	CHECK_EQUAL(object(A, 1), -EINVAL);
	CHECK_EQUAL(object(A + 8, 1), -EINVAL);
	CHECK_EQUAL(object(B, 0), -EINVAL);
	CHECK_EQUAL(declare_part(B, B), -EINVAL);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK(declared_exist);
	CHECK_EQUAL(declared_n, 3);
	CHECK_EQUAL(declared_find(A), 0);
	CHECK_EQUAL(declared_find(B), DECLARED_NONE);
	CHECK_EQUAL(declared_find(C), 1);
	CHECK_EQUAL(declared_find(D), 2);
	CHECK_EQUAL(declared[1].count, 2);
	CHECK_EQUAL(declared[2].owner, 1);
}

/* Of C: a word, the same again, one in its part, two that are unknown. */
static void links(void)
{
	struct links of;

	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	begin();
	CHECK_EQUAL(object(C, 2), 0);
	CHECK_EQUAL(declare_part(D, C), 0);
	CHECK_EQUAL(declare_link(C, C + 16, B + 8), 0);
	CHECK_EQUAL(declare_link(C, C + 8, A), 0);
	CHECK_EQUAL(declare_link(C, C + 16, B), 0);
	CHECK_EQUAL(declare_link(C, D + 24, A), 0);
	CHECK_EQUAL(declare_link(C, 0, A), 0);
	CHECK_EQUAL(declare_link(C, A + 8, A), 0);
	CHECK_EQUAL(declare_link(C, C + 24, room + 8), 0);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(declared_n, 4);
	CHECK_EQUAL(declared[declared_find(A)].flags, DECLARED_PLAIN);
	of = links_of(declared_find(C));
	CHECK_EQUAL(of.n, 5); /* two words, two unknown ones, the part */
	CHECK_EQUAL(link_at(of.list[0], C), C + 8);
	CHECK_EQUAL(link_to(of.list[0]), declared_find(A));
	CHECK_EQUAL(link_at(of.list[1], C), C + 16);
	CHECK_EQUAL(link_to(of.list[1]), declared_find(B));
	CHECK_EQUAL(link_at(of.list[2], C), 0);
	CHECK_EQUAL(link_to(of.list[4]), declared_find(D));
	of = links_of(declared_find(D));
	CHECK_EQUAL(of.n, 1);
	CHECK_EQUAL(link_at(of.list[0], D), D + 24);
	CHECK_EQUAL(links_of(declared_find(A)).n, 0);
}

/* What is in a collector's list tells all its references, as other parts. */
static void listed(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	begin();
	CHECK_EQUAL(object(A, 1), 0);
	CHECK_EQUAL(declare_part_object(B, A, B + 16, true), 0);
	CHECK_EQUAL(declare_part_loose(C, A), 0);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK(declared_is_whole(B) && !declared_is_whole(C));
	CHECK(declared_is_listed(&declared[declared_find(B)], B));
	CHECK(!declared_is_listed(&declared[declared_find(C)], C - 16));
}

/* A part of a part is its object's; one whose owner is none is plain. */
static void parts(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	block(D, 64);
	begin();
	CHECK_EQUAL(declare_part(D, C), 0);
	CHECK_EQUAL(declare_part(C, A), 0);
	CHECK_EQUAL(object(A, 1), 0);
	CHECK_EQUAL(declare_part(B, room + HERE + 0x2000), -EINVAL);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(declared[declared_find(D)].owner, declared_find(A));
}

static void no_owner(void)
{
	block(A, 64);
	block(B, 64);
	block(C, 64);
	begin();
	CHECK_EQUAL(declare_part(A, B), 0);
	CHECK_EQUAL(declare_part(B, A), 0);
	CHECK_EQUAL(declare_part(C, A), 0);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK_EQUAL(declared[declared_find(A)].flags, DECLARED_PLAIN);
	CHECK_EQUAL(declared[declared_find(C)].flags, DECLARED_PLAIN);
}

static void weak(void)
{
	block(A, 64);
	begin();
	CHECK_EQUAL(declare_weak(A + 32, A + 48), 0);
	CHECK_EQUAL(declare_weak(room, room + 8), 0);
	CHECK_EQUAL(declare_weak(room + 8, room + 8), 0);
	CHECK_EQUAL(declare_end(&arena), 0);
	CHECK(unowned_weak_exist && !declared_exist);
	CHECK(unowned_is_weak(room) && !unowned_is_weak(room + 8));
	CHECK(!unowned_is_weak(A + 24) && unowned_is_weak(A + 32));
	CHECK(unowned_is_weak(A + 40) && !unowned_is_weak(A + 48));
}

static bool is_here(void)
{
	return true;
}

static bool is_not_here(void)
{
	return false;
}

static int declare_a(struct arena *of)
{
	(void)of;
	return object(A, 1);
}

/* Declares some, and finds that it cannot go on. */
static int declare_half(struct arena *of)
{
	(void)of;
	CHECK_EQUAL(object(B, 1), 0);
	CHECK_EQUAL(object(C, 1), 0);
	CHECK_EQUAL(declare_link(B, 0, A), 0);
	CHECK_EQUAL(declare_weak(B, B + 8), 0);
	runtime_warn("lies");
	runtime_warn("lies");
	return -EFAULT;
}

static void runtimes(void)
{
	static const struct runtime half = {
		.name = "half", .is_here = is_here, .declare = declare_half};
	static const struct runtime whole = {
		.name = "whole", .is_here = is_here, .declare = declare_a};
	static const struct runtime away = {
		.name = "away", .is_here = is_not_here, .declare = NULL};

	block(A, 64);
	block(B, 64);
	block(C, 64);
	CHECK_EQUAL(blocks_build(NULL), 0);
	CHECK(runtime_register(&away));
	CHECK(runtime_register(&whole));
	CHECK(runtime_register(&half));
	CHECK(runtime_register(&half));
	CHECK_EQUAL(runtimes_declare(&arena), 0);
	CHECK_EQUAL(declared_n, 1);
	CHECK(!unowned_weak_exist);
	CHECK_EQUAL(declared_find(B), DECLARED_NONE);
	CHECK(runtime_get(declared[0].runtime) == &whole);
	CHECK(!strcmp(runtime_warning(0), "lies"));
	CHECK(!runtime_warning(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_CHILD(none),	  IN_CHILD(numbers),  IN_CHILD(links),
		IN_CHILD(listed), IN_CHILD(parts),    IN_CHILD(no_owner),
		IN_CHILD(weak),	  IN_CHILD(runtimes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
