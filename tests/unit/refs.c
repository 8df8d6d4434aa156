/* What the macros say is what the shadow graph holds: counts, who took and
 * gave back, fields, and that blocks take theirs with them. Addresses are
 * numbers here; "blocks" are records of the heap's table. */
#include <string.h>
#include "base/names.h"
#include "heap/heap.h"
#include "refs-make.h"
#include "refs/refs.h"

static uint32_t misuses(void)
{
	uint32_t n;

	refs_misuses(&n);
	return n;
}

static void born_with_one(void **state)
{
	uintptr_t a = block(64), b = block(64), c = block(64);

	(void)state;
	assert_int_equal(count(a), -1);
	refs_object(a, "Node", 1, HERE);
	assert_int_equal(count(a), 1);
	assert_string_equal(refs_find(a)->type, "Node");
	assert_int_equal(balance(a, HERE), 1);
	refs_object(b, "Node", 0, HERE);
	assert_int_equal(count(b), 0);
	refs_ref(c, HERE);
	assert_int_equal(count(c), 2);
	assert_int_equal(balance(c, HERE), 1);
	assert_int_equal(balance(c, MADE), 1); /* who allocated it */
	refs_object(c, "Other", 1, THERE);
	assert_int_equal(count(c), 2);
	assert_string_equal(refs_find(c)->type, "Other");
	refs_unref(c, HERE), refs_unref(c, HERE);
	assert_int_equal(count(c), 0);
	refs_object(c, "Next", 1, THERE); /* the program's own free list */
	assert_int_equal(count(c), 1);
	assert_int_equal(balance(c, THERE), 1);
	assert_int_equal(balance(c, MADE), 0);
}

static void nothing_of_null(void **state)
{
	uint32_t objects = refs_objects_n(), bad = misuses();

	(void)state;
	refs_object(0, "Node", 1, HERE);
	refs_ref(0, HERE);
	refs_unref(0, HERE);
	refs_link(0, 0, "f", BASE, HERE);
	refs_link(BASE, 0, "f", BASE, HERE);
	assert_true(refs_unlink(0));
	refs_weak(0, 0, "f", HERE);
	refs_finalizer(0, "f", HERE);
	refs_resource(0, 1, HERE);
	refs_count_field(NULL, 0, 4);
	assert_int_equal(refs_objects_n(), objects);
	assert_int_equal(misuses(), bad);
}

static void never_below_zero(void **state)
{
	uintptr_t a = block(64);
	uint32_t bad = misuses();

	(void)state;
	refs_unref(a, GIVE);
	assert_int_equal(count(a), 0);
	assert_int_equal(misuses(), bad);
	refs_unref(a, GIVE);
	refs_unref(a, GIVE); /* once a place */
	assert_int_equal(count(a), 0);
	assert_int_equal(misuses(), bad + 1);
	refs_unref(a, ELSEWHERE);
	assert_int_equal(misuses(), bad + 2);
	refs_ref(a, TAKE);
	assert_int_equal(count(a), 1);
}

static void links(void **state)
{
	uintptr_t a = block(64), b = block(64), c = block(64);
	const struct ref_slot *slot;
	uint64_t first;

	(void)state;
	refs_link(a, a + 8, "next", b, HERE);
	slot = refs_slot_at(a + 8);
	assert_non_null(slot);
	assert_int_equal(slot->target, b);
	assert_int_equal(slot->owner, a);
	assert_int_equal(slot->block, a);
	assert_int_equal(slot->stack, HERE);
	assert_int_equal(slot->flags, SLOT_LINK);
	assert_string_equal(slot->field, "next");
	assert_int_equal(count(b), 1);
	assert_int_equal(count(a), -1);
	first = slot->time;
	refs_link(a, a + 8, "next", c, THERE);
	slot = refs_slot_at(a + 8);
	assert_int_equal(slot->target, c);
	assert_true(slot->time > first);
	refs_link(a, a + 8, "next", 0, THERE);
	assert_null(refs_slot_at(a + 8));
	refs_link(a, a + 8, "next", 0, THERE);
	assert_false(refs_unlink(a + 8));
	refs_weak(a, a + 16, "parent", HERE);
	assert_int_equal(refs_slot_at(a + 16)->flags, SLOT_WEAK);
	assert_false(refs_unlink(a + 16));
	assert_int_equal(refs_slot_at(a + 16)->flags, SLOT_WEAK);
	refs_link(a, a + 16, "parent", b, HERE);
	assert_int_equal(refs_slot_at(a + 16)->flags, SLOT_LINK);
	assert_true(refs_unlink(a + 16));
}

/* Acquired, kept in a field, let go of: nothing is left, whichever of UNLINK
 * and UNREF comes first, also when others take and give in between. */
static void releases_meet_their_acquires(void **state)
{
	uintptr_t a = block(64), t = block(64);
	int order;

	(void)state;
	refs_object(t, "Target", 1, HERE);
	for (order = 0; order < 2; order++) {
		refs_ref(t, TAKE);
		refs_link(a, a + 8, "next", t, THERE);
		assert_int_equal(refs_slot_at(a + 8)->acquire, TAKE);
		refs_ref(t, ELSEWHERE);
		refs_ref(a, ELSEWHERE);
		if (order)
			assert_true(refs_unlink(a + 8));
		refs_unref(t, GIVE);
		if (!order)
			assert_true(refs_unlink(a + 8));
		assert_int_equal(balance(t, TAKE), 0);
		assert_int_equal(balance(t, GIVE), 0);
		assert_int_equal(balance(t, ELSEWHERE), 1);
		assert_int_equal(balance(t, HERE), 1);
		refs_unref(t, ELSEWHERE);
	}
	refs_unref(t, GIVE); /* of nothing that is known */
	assert_int_equal(balance(t, HERE), 1);
	assert_int_equal(balance(t, GIVE), -1);
}

/* The birth reference handed over, and a setter that replaces it. */
static void replaced_link_lets_go(void **state)
{
	uintptr_t a = block(64), s = block(64), t = block(64);

	(void)state;
	refs_object(s, "S", 1, HERE);
	refs_object(t, "T", 1, THERE);
	refs_link(a, a, "f", s, ELSEWHERE);
	assert_int_equal(refs_slot_at(a)->acquire, HERE);
	refs_ref(t, TAKE);
	refs_link(a, a, "f", t, ELSEWHERE);
	refs_unref(s, GIVE);
	assert_int_equal(balance(s, HERE), 0);
	assert_int_equal(balance(s, GIVE), 0);
	assert_int_equal(balance(t, TAKE), 1);
	refs_unlink(a) ? (void)0 : fail();
	refs_link(a, a + 8, "g", t, ELSEWHERE); /* moved on */
	assert_int_equal(refs_slot_at(a + 8)->acquire, TAKE);
}

static void free_ends_all(void **state)
{
	uintptr_t a = block(256), b = block(64);
	uint32_t objects = refs_objects_n();

	(void)state;
	refs_object(a, "A", 1, HERE);
	refs_object(a + 128, "Inside", 1, HERE);
	refs_object(b, "B", 1, HERE);
	refs_link(a + 128, a + 136, "f", b, HERE);
	refs_link(b, b + 8, "back", a, HERE);
	assert_int_equal(refs_objects_n(), objects + 3);
	release_block(a);
	assert_int_equal(refs_objects_n(), objects + 1);
	assert_null(refs_find(a));
	assert_null(refs_find(a + 128));
	assert_null(refs_slot_at(a + 136));
	assert_null(refs_slot_at(b + 8)); /* a link to nothing */
	heap_record((const void *)a, 256, MADE, 0);
	refs_object(a, "New", 1, HERE);
	assert_int_equal(count(a), 1);
	assert_null(refs_slot_at(b + 8)); /* not to this one */
	assert_true(refs_find(a)->born != 0);
	refs_link(b, b + 8, "back", a, HERE);
	assert_non_null(refs_slot_at(b + 8));
}

static void misused_when_freed(void **state)
{
	uintptr_t a = block(64), b = block(64);
	uint32_t bad = misuses();

	(void)state;
	release_block(a);
	refs_link(b, b + 8, "f", a, HERE);
	assert_int_equal(misuses(), bad + 1);
	assert_null(refs_slot_at(b + 8));
	assert_null(refs_find(a));
	refs_link(a, a + 8, "f", b, HERE);
	assert_int_equal(misuses(), bad + 2);
	assert_null(refs_slot_at(a + 8));
	refs_ref(a, HERE);
	refs_unref(a, HERE);
	refs_object(a, "A", 1, HERE);
	refs_finalizer(a, "A", HERE);
	assert_int_equal(misuses(), bad + 6);
	assert_null(refs_find(a));
}

static void realloc_moves(void **state)
{
	uintptr_t a = block(256), b = block(64), to = block(128);
	struct refs_lifted lifted;
	size_t size;

	(void)state;
	refs_object(a, "A", 1, HERE);
	refs_object(a + 200, "Cut", 1, HERE);
	refs_link(a, a + 8, "f", b, HERE);
	refs_link(a, a + 160, "cut", b, HERE);
	heap_erase((const void *)a, &size);
	lifted = refs_lift(a, size);
	assert_null(refs_find(a));
	refs_put(lifted, a, size, to, 128);
	assert_int_equal(count(to), 1);
	assert_string_equal(refs_find(to)->type, "A");
	assert_null(refs_find(to + 200));
	assert_int_equal(refs_slot_at(to + 8)->owner, to);
	assert_int_equal(refs_slot_at(to + 8)->target, b);
	assert_null(refs_slot_at(to + 160));
	assert_null(refs_slot_at(a + 8));
	release_block(to);
	assert_null(refs_find(to));
	assert_null(refs_slot_at(to + 8));
}

/* A field on the stack, an owner in static memory. */
static void no_block(void **state)
{
	static char memory[64];
	uintptr_t at = (uintptr_t)memory, b = block(64);
	uint32_t bad = misuses();

	(void)state;
	refs_object(at, "Static", 1, HERE);
	refs_ref(at, HERE);
	assert_int_equal(count(at), 2);
	refs_link(at, at + 8, "f", b, HERE);
	assert_int_equal(refs_slot_at(at + 8)->target, b);
	assert_true(refs_unlink(at + 8));
	assert_null(refs_slot_at(at + 8));
	assert_int_equal(misuses(), bad);
}

static void names_outlive(void **state)
{
	char text[300] = "kids[i]";
	uintptr_t a = block(64);
	const char *name;

	(void)state;
	refs_object(a, text, 1, HERE);
	name = refs_find(a)->type;
	assert_ptr_equal(name, name_intern("kids[i]"));
	strcpy(text, "other");
	assert_string_equal(name, "kids[i]");
	assert_string_equal(name_intern(text), "other");
	memset(text, 'x', sizeof text - 1);
	assert_int_equal(strlen(name_intern(text)), NAME_MAX_BYTES);
	assert_ptr_equal(name_intern(text), name_intern(text));
	assert_null(name_intern(NULL));
}

static void notes(void **state)
{
	uintptr_t a = block(64);
	int i;

	(void)state;
	refs_finalizer(a, "a_free", HERE);
	assert_int_equal(count(a), -1);
	assert_string_equal(refs_find(a)->finalizer, "a_free");
	for (i = 0; i < 40; i++)
		refs_resource(a, i / 2, HERE);
	assert_int_equal(refs_find(a)->fds_n, 20);
	for (i = 0; i < 20; i++)
		assert_int_equal(refs_find(a)->fds[i], i);
	refs_object(a, "A", 1, HERE);
	assert_int_equal(count(a), 1);
	assert_string_equal(refs_find(a)->finalizer, "a_free");
}

static void clear(void *owner)
{
	(void)owner;
}

static void breakable(void **state)
{
	uintptr_t a = block(64), b = block(64);

	(void)state;
	refs_breakable(a, a + 8, "f", clear, HERE);
	assert_ptr_equal(refs_slot_at(a + 8)->clear, clear);
	refs_link(a, a + 8, "f", b, HERE);
	assert_true(refs_unlink(a + 8));
	assert_ptr_equal(refs_slot_at(a + 8)->clear, clear);
	refs_breakable(a, a + 8, "f", NULL, HERE);
	assert_null(refs_slot_at(a + 8));
}

static void count_fields(void **state)
{
	static struct {
		uint8_t one;
		uint16_t two;
		uint32_t four;
		int64_t eight;
	} counts = {200, 60000, 4000000000, -1};
	uintptr_t a = (uintptr_t)&counts;

	(void)state;
	refs_object(a, "Counts", 1, HERE);
	assert_int_equal(count(a), 1);
	refs_count_field("Counts", offsetof(__typeof__(counts), one), 1);
	assert_int_equal(count(a), 200);
	refs_count_field("Counts", offsetof(__typeof__(counts), two), 2);
	assert_int_equal(count(a), 60000);
	refs_count_field("Counts", offsetof(__typeof__(counts), four), 4);
	assert_int_equal(count(a), 4000000000);
	refs_count_field("Counts", offsetof(__typeof__(counts), eight), 8);
	assert_int_equal(count(a), 0);
	counts.eight = 7;
	assert_int_equal(count(a), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(born_with_one),
		cmocka_unit_test(nothing_of_null),
		cmocka_unit_test(never_below_zero),
		cmocka_unit_test(links),
		cmocka_unit_test(releases_meet_their_acquires),
		cmocka_unit_test(replaced_link_lets_go),
		cmocka_unit_test(free_ends_all),
		cmocka_unit_test(misused_when_freed),
		cmocka_unit_test(realloc_moves),
		cmocka_unit_test(no_block),
		cmocka_unit_test(names_outlive),
		cmocka_unit_test(notes),
		cmocka_unit_test(breakable),
		cmocka_unit_test(count_fields),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
