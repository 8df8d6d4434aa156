/* What types have at each offset, in programs as several compilers build them.
 * Expected is the same of all. */
#include "types-make.h"

static const char tree[] = "u.left: unknown -> tree\n"
			   "u.right: unknown -> paper\n"
			   "tray.papers: unknown -> paper *\n"
			   "tray.slots[0]: unknown -> paper\n"
			   "tray.slots[1]: unknown -> paper\n"
			   "cell[0].peer: unknown -> cell\n"
			   "cell[1].peer: unknown -> cell\n"
			   "cell[2].peer: unknown -> cell\n"
			   "grid[0][0].peer: unknown -> cell\n"
			   "grid[0][1].peer: unknown -> cell\n"
			   "grid[1][0].peer: unknown -> cell\n"
			   "grid[1][1].peer: unknown -> cell\n"
			   "message: unknown -> message\n"
			   "many: unknown -> many\n"
			   "items: unknown -> item\n"
			   "opaque: unknown -> ?\n"
			   "away: unknown -> away\n"
			   "title: unknown -> char\n";
static const char item[] = "link.next: unknown -> list\n"
			   "link.prev: unknown -> list\n"
			   "owner: unknown -> tree\n";

static void c_is_right(const char *file)
{
	describes(file, "tree", "tree", tree);
	describes(file, "item", "item", item);
	describes(file, "kref", "kref", "");
}

/* Each line builds "tree" in another way. */
static void c(void **state)
{
	static const char *const builds[] = {
		"gcc -g -O0 $S/tree.c -o tree",
		"gcc -g -O2 $S/tree.c -o tree",
		"gcc -gdwarf-4 -fdebug-types-section $S/tree.c -o tree",
		"gcc -gdwarf-5 -fdebug-types-section $S/tree.c -o tree",
		"gcc -gdwarf-3 -O1 $S/tree.c -o tree",
		"gcc -g -gz -flto $S/tree.c -o tree",
		"clang -g -O0 $S/tree.c -o tree",
		"clang -g -O2 $S/tree.c -o tree",
		"clang -gdwarf-4 -fdebug-types-section $S/tree.c -o tree",
		"gcc -g -gsplit-dwarf $S/tree.c -o tree",
		"gcc -g $S/tree.c -o tree && "
		"objcopy --only-keep-debug tree tree.debug && strip tree && "
		"objcopy --add-gnu-debuglink=tree.debug tree",
		"gcc -g $S/tree.c -o one && cp one two && "
		"dwz -m shared -M $PWD/shared one two && cp one tree",
		"gcc -g $S/tree.c -c -o tree.o && ld -r tree.o -o tree",
	};
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < sizeof(builds) / sizeof(*builds); i++) {
		if (!run("rm -f tree*") || !run(builds[i]))
			continue; /* that compiler is not here */
		n++;
		c_is_right("tree");
	}
	assert_true(n > 5);
}

static const char club[] =
	"parent: borrowed -> app::Base\n"
	"Base::d: borrowed -> app::Base\n"
	"name: unique, std::string -> char\n"
	"first: borrowed -> app::Member\n"
	"d: borrowed -> app::Club\n"
	"members: unique, std::vector -> std::shared_ptr<app::Member>\n"
	"raw: unique, std::vector -> app::Member *\n"
	"list: unique, std::list -> "
	"std::_List_node<std::shared_ptr<app::Member>>\n"
	"forward: unique, std::forward_list -> "
	"std::_Fwd_list_node<std::weak_ptr<app::Member>>\n"
	"map: unique, std::map -> std::_Rb_tree_node<std::pair<const int, "
	"std::shared_ptr<app::Member>>>\n"
	"set: unique, std::set -> std::_Rb_tree_node<app::Member *>\n"
	"table: unique, std::unordered_map -> "
	"std::__detail::_Hash_node_base *\n"
	"table: unique, std::unordered_map -> "
	"std::__detail::_Hash_node<std::pair<const std::string, "
	"std::shared_ptr<app::Member>>, true>\n"
	"hashed: unique, std::unordered_set -> "
	"std::__detail::_Hash_node_base *\n"
	"hashed: unique, std::unordered_set -> "
	"std::__detail::_Hash_node<app::Member *, false>\n"
	"deque: unique, std::deque -> std::weak_ptr<app::Member> *\n"
	"deque: unique, std::deque -> std::weak_ptr<app::Member>\n"
	"deque: unique, std::deque -> std::weak_ptr<app::Member> *\n"
	"deque: unique, std::deque -> std::weak_ptr<app::Member>\n"
	"deque: unique, std::deque -> std::weak_ptr<app::Member> *\n"
	"tuple.get<1>: counted, std::shared_ptr -> app::Member\n"
	"pair.first: counted, std::shared_ptr -> app::Member\n"
	"pair.second: borrowed -> app::Member\n"
	"array[0]: counted, std::shared_ptr -> app::Member\n"
	"array[1]: counted, std::shared_ptr -> app::Member\n"
	"unique: unique, std::unique_ptr -> app::Member\n"
	"several: unique, std::unique_ptr -> app::Member\n"
	"function: unique, std::function -> ?\n"
	"counted: counted, app::RefPtr -> app::Member\n"
	"reference: borrowed -> app::Member\n";
static const char member[] =
	"weak_from_this(): weak, std::weak_ptr -> app::Member\n"
	"club: counted, std::shared_ptr -> app::Club\n"
	"part[0].whole: borrowed -> app::Member\n"
	"part[1].whole: borrowed -> app::Member\n";
static const char modern[] =
	"optional: counted, std::shared_ptr -> app::Member\n"
	"variant: counted, std::shared_ptr -> app::Member\n"
	"any: unique, std::any -> ?\n";

static void cxx(void **state)
{
	static const char *const builds[] = {
		"g++ -std=c++11 -g -O0 $S/club.cc -o club",
		"g++ -std=c++17 -g -O2 $S/club.cc -o club",
		"g++ -std=c++20 -gdwarf-4 -O1 $S/club.cc -o club",
		"g++ -g -fdebug-types-section $S/club.cc -o club",
		"clang++ -std=c++17 -fstandalone-debug -g -O0 $S/club.cc -o "
		"club",
		"clang++ -std=c++14 -fstandalone-debug -g -O2 $S/club.cc -o "
		"club",
	};
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < sizeof(builds) / sizeof(*builds); i++) {
		if (!run("rm -f club") || !run(builds[i]))
			continue;
		n++;
		describes("club", "app::Club", "app::Club", club);
		describes("club", "app::Member", "app::Member", member);
		describes("club", "app::(anonymous namespace)::Hidden",
			  "app::Hidden", "next: borrowed -> app::Hidden\n");
		if (strstr(builds[i], "++17") || strstr(builds[i], "++20"))
			describes("club", "app::Modern", "app::Modern", modern);
	}
	assert_true(n > 2);
}

/* clang leaves out what the library's own file describes. */
static void declared(void **state)
{
	static const char expected[] = "parent: borrowed -> app::Base\n"
				       "d: borrowed -> app::Base\n"
				       "name: unique, std::string -> ?\n"
				       "first: borrowed -> app::Missing\n";

	(void)state;
	if (!run("clang++ -g -c $S/declared.cc -o club"))
		skip();
	describes("club", "app::Club", "app::Club", expected);
}

static const char rust_club[] =
	"members: unique, Vec -> Rc<club::Member>\n"
	"table: unique, HashMap -> (String, Rc<club::Member>)\n"
	"tree: unique, BTreeMap -> LeafNode<u32, Rc<club::Member>>\n"
	"queue: unique, VecDeque -> Weak<club::Member>\n"
	"boxed: unique, Box -> club::Member\n"
	"shape.Left.0: counted, rc::Rc -> club::Member\n"
	"shape.Both.left: counted, rc::Rc -> club::Member\n"
	"shape.Both.right: counted, rc::Rc -> club::Club\n"
	"weak: weak, rc::Weak -> club::Club\n"
	"shared: counted, sync::Arc -> club::Shared\n"
	"callback: unique, Box -> dyn Fn<(), Output = ()>\n"
	"name: borrowed -> u8\n"
	"any: counted, rc::Rc -> dyn club::Any\n"
	"raw: borrowed -> club::Member\n"
	"pair.1: counted, rc::Rc -> club::Member\n";

/* Older compilers name some insides otherwise; this is of 1.63, which Debian
 * has, and later. */
static void rust(void **state)
{
	static const char *const builds[] = {"rustc -g $S/club.rs -o club",
					     "rustc -g -O $S/club.rs -o club"};
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < sizeof(builds) / sizeof(*builds); i++) {
		if (!run("rm -f club") || !run(builds[i]))
			continue;
		n++;
		describes("club", "club::Club", "club::Club", rust_club);
		describes("club", "club::Member", "club::Member",
			  "club: counted, rc::Rc -> club::Club\n");
	}
	if (!n)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c),
		cmocka_unit_test(cxx),
		cmocka_unit_test(declared),
		cmocka_unit_test(rust),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
