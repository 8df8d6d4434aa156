/* Types of the blocks of a finding: by name, along edges, by containers; the
 * fields of its edges, and the counts in its blocks. */
#include "types-make.h"
#include "types/types.h"

static struct looking looking;
static struct finding finding;
static struct member members[8];
static struct edge edges[16];
static struct frame frame;
static struct stack stack = {.n = 1, .frames = &frame};
static const struct place place;

/* A finding without members, in a report of that file. */
static void begin(const char *file)
{
	looking_begin(&looking, file);
	memset(&finding, 0, sizeof(finding));
	memset(members, 0, sizeof(members));
	memset(edges, 0, sizeof(edges));
	frame.module = &looking.module;
	frame.place = &place;
	finding.id = "1";
	finding.members = members;
	finding.edges = edges;
	HASH_ADD_KEYPTR(hh, looking.report->findings, finding.id, 1, &finding);
}

static size_t block(uint64_t size, const char *type, const char *rtti)
{
	struct member *member = &members[finding.members_n];

	member->size = size;
	member->type = type;
	member->rtti = rtti;
	member->has_vtable = rtti;
	member->vtable = frame;
	member->stack = &stack;
	member->in_degree = 2;
	return finding.members_n++;
}

static void word(size_t from, int64_t offset, size_t to, uint64_t into)
{
	struct edge *edge = &edges[finding.edges_n++];

	edge->from = from;
	edge->offset = offset;
	edge->to = to;
	edge->into = into;
	edge->kind = into ? "interior" : "strong";
}

static void end(void)
{
	HASH_CLEAR(hh, looking.report->findings);
	looking_end(&looking);
}

/* The block's type, and how it is known; type NULL: it is not. */
static void is(size_t i, const char *type, enum type_from from)
{
	if (!type) {
		assert_null(members[i].shape);
		assert_null(members[i].type);
		return;
	}
	assert_non_null(members[i].type);
	assert_string_equal(members[i].type, type);
	assert_int_equal(members[i].type_from, from);
}

static void leads(size_t edge, const char *field, enum ownership ownership,
		  const char *smart)
{
	assert_non_null(edges[edge].field);
	assert_string_equal(edges[edge].field, field);
	assert_int_equal(edges[edge].ownership, ownership);
	if (smart)
		assert_string_equal(edges[edge].smart, smart);
	else
		assert_null(edges[edge].smart);
}

static void c(void **state)
{
	size_t tree, table, cell, message, other;

	(void)state;
	assert_true(run("gcc -g -O1 $S/tree.c -o tree"));
	begin("tree");
	tree = block(232, "struct tree", NULL);
	table = block(24, NULL, NULL);
	cell = block(16, NULL, NULL);
	message = block(16 + 9, NULL, NULL);
	other = block(32, NULL, NULL);
	word(tree, 8, tree, 0);
	word(tree, 24, table, 0);
	word(tree, 88, cell, 0);
	word(tree, 160, message, 0);
	word(tree, 176, other, 0); /* items are of 24 bytes */
	word(cell, 8, tree, 48);
	word(message, 0, tree, 0);
	word(table, 16, other, 0);
	types_find(looking.report);
	is(tree, "struct tree", TYPE_FROM_MACRO);
	is(table, "paper *[3]", TYPE_FROM_EDGE);
	is(cell, "cell", TYPE_FROM_EDGE);
	is(message, "message", TYPE_FROM_EDGE);
	is(other, NULL, 0);
	leads(0, "u.left", OWN_UNKNOWN, NULL);
	leads(1, "tray.papers", OWN_UNKNOWN, NULL);
	leads(2, "cell[2].peer", OWN_UNKNOWN, NULL);
	leads(3, "message", OWN_UNKNOWN, NULL);
	leads(5, "peer", OWN_UNKNOWN, NULL);
	leads(6, "owner", OWN_UNKNOWN, NULL);
	leads(7, "[2]", OWN_UNKNOWN, NULL);
	assert_false(members[cell].type_sure);
	end();
}

/* A word where the type has an int; more bytes than the type has. */
static void contradicted(void **state)
{
	size_t tree, cell, wide;

	(void)state;
	begin("tree");
	tree = block(232, "tree", NULL);
	cell = block(16, NULL, NULL);
	wide = block(64, NULL, NULL);
	word(tree, 88, cell, 0);
	word(cell, 0, tree, 0);
	word(tree, 72, wide, 0);
	types_find(looking.report);
	is(cell, NULL, 0);
	is(wide, NULL, 0);
	end();
}

static void counts(void **state)
{
	static const uint64_t first[] = {0}, last[] = {224};
	size_t tree;

	(void)state;
	begin("tree");
	tree = block(232, "tree", NULL);
	members[tree].counts = first;
	members[tree].counts_n = 1;
	types_find(looking.report);
	assert_string_equal(members[tree].count_field, "ref.refcount");
	end();
	begin("tree"); /* the field "count", and nothing seen in the other */
	tree = block(232, "tree", NULL);
	members[tree].counts = last;
	members[tree].counts_n = 1;
	types_find(looking.report);
	assert_null(members[tree].count_field);
	end();
}

#define MEMBER_BLOCK                                                \
	"St23_Sp_counted_ptr_inplaceIN3app6MemberESaIvELN9__gnu_cx" \
	"x12_Lock_policyE2EE"
#define CLUB_BLOCK \
	"St15_Sp_counted_ptrIPN3app4ClubELN9__gnu_cxx12_Lock_policyE2EE"

static void control_blocks(void **state)
{
	size_t member, club, apart, buffer, node;

	(void)state;
	if (!run("g++ -std=c++17 -g -O1 $S/club.cc -o club"))
		skip();
	begin("club");
	member = block(64, NULL, MEMBER_BLOCK);
	apart = block(24, NULL, CLUB_BLOCK);
	club = block(584, NULL, "N3app4ClubE");
	buffer = block(32, NULL, NULL);
	node = block(32, NULL, NULL);
	word(member, 32, club, 0); /* club */
	word(member, 40, apart, 0);
	word(apart, 16, club, 0);
	word(club, 72, buffer, 0); /* members */
	word(club, 80, buffer, 16);
	word(club, 120, node, 0); /* list */
	word(buffer, 0, member, 16);
	word(buffer, 8, member, 0);
	word(node, 0, club, 120);
	word(node, 24, member, 0);
	word(member, 16, member, 16);
	types_find(looking.report);
	is(member, "app::Member", TYPE_FROM_VTABLE);
	assert_int_equal(members[member].shape_at, 16);
	assert_false(members[member].is_inside);
	is(club, "app::Club", TYPE_FROM_VTABLE);
	assert_true(members[club].type_sure);
	assert_true(members[apart].is_inside);
	is(buffer, "std::shared_ptr<app::Member>[2]", TYPE_FROM_PART);
	is(node, "std::_List_node<std::shared_ptr<app::Member>>",
	   TYPE_FROM_PART);
	assert_true(members[node].is_inside);
	leads(0, "club", OWN_COUNTED, "std::shared_ptr");
	leads(1, "club", OWN_COUNTED, "std::shared_ptr");
	leads(2, "", OWN_UNIQUE, NULL);
	leads(4, "members", OWN_UNIQUE, "std::vector");
	leads(5, "list", OWN_UNIQUE, "std::list");
	leads(7, "[0]", OWN_COUNTED, "std::shared_ptr");
	leads(8, "", OWN_BORROWED, NULL);
	leads(9, "", OWN_COUNTED, "std::shared_ptr");
	leads(10, "weak_from_this()", OWN_WEAK, "std::weak_ptr");
	end();
}

/* The demangler writes names in another way than each of the compilers. */
static void boxes(void **state)
{
	static const char *const builds[] = {"g++ -g $S/box.cc -o box",
					     "clang++ -g $S/box.cc -o box"};
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		if (!run("rm -f box") || !run(builds[i]))
			continue;
		begin("box");
		block(24, NULL, "N3app3BoxIPKcEE");
		block(24, NULL, "N3app3BoxImEE");
		block(24, NULL, "N3app3BoxISt4pairIKitEEE");
		types_find(looking.report);
		is(0, "app::Box<const char *>", TYPE_FROM_VTABLE);
		is(1, "app::Box<unsigned long>", TYPE_FROM_VTABLE);
		is(2, "app::Box<std::pair<const int, unsigned short>>",
		   TYPE_FROM_VTABLE);
		for (k = 0; k < 3; k++)
			assert_non_null(members[k].shape);
		end();
	}
}

/* A pool begins with an object of a class that is smaller. */
static void pool(void **state)
{
	size_t pool;

	(void)state;
	begin("club");
	pool = block(4000, NULL, "N3app4ClubE");
	types_find(looking.report);
	is(pool, NULL, 0);
	end();
}

static void stripped(void **state)
{
	size_t member, apart, club;

	(void)state;
	if (!run("cp club bare && strip bare"))
		skip();
	begin("bare");
	member = block(64, NULL, MEMBER_BLOCK);
	apart = block(24, NULL, CLUB_BLOCK);
	club = block(584, NULL, "N3app4ClubE");
	types_find(looking.report);
	is(member, "app::Member", TYPE_FROM_VTABLE);
	assert_int_equal(members[member].shape_at, 16);
	assert_true(members[apart].is_inside);
	is(club, "app::Club", TYPE_FROM_VTABLE);
	assert_true(members[club].type_sure);
	end();
}

/* The hash table's slots stand before the place to which it points. */
static void rust(void **state)
{
	size_t club, slots, member, buffer;

	(void)state;
	if (!run("rustc -g $S/club.rs -o rust"))
		skip();
	begin("rust");
	club = block(320, "club::Club", NULL);
	slots = block(4 * 32 + 4 + 16, NULL, NULL);
	member = block(32, NULL, NULL);
	buffer = block(24, NULL, NULL);
	word(club, 40, slots, 128);
	word(slots, 32 + 24, member, 0);
	word(club, 16, buffer, 0);
	word(buffer, 16, member, 0);
	word(member, 24, club, 16);
	types_find(looking.report);
	is(slots, "(String, Rc<club::Member>)[4]", TYPE_FROM_PART);
	is(member, "club::Member", TYPE_FROM_EDGE);
	assert_int_equal(members[member].shape_at, 16);
	is(buffer, "Rc<club::Member>[3]", TYPE_FROM_PART);
	leads(0, "table", OWN_UNIQUE, "HashMap");
	leads(1, "[1].1", OWN_COUNTED, "rc::Rc");
	leads(3, "[2]", OWN_COUNTED, "rc::Rc");
	leads(4, "club", OWN_COUNTED, "rc::Rc");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c),	    cmocka_unit_test(contradicted),
		cmocka_unit_test(counts),   cmocka_unit_test(control_blocks),
		cmocka_unit_test(boxes),    cmocka_unit_test(pool),
		cmocka_unit_test(stripped), cmocka_unit_test(rust),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
