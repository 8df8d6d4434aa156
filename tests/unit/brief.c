/* Names of types as their programmers write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "common/brief.h"

static void is(const char *full, const char *expected)
{
	char *name = name_brief(full);

	assert_string_equal(name, expected);
	free(name);
}

static void cxx(void **state)
{
	(void)state;
	is("app::Club", "app::Club");
	is("std::vector<int, std::allocator<int> >", "std::vector<int>");
	is("std::__cxx11::basic_string<char, std::char_traits<char>, "
	   "std::allocator<char> >",
	   "std::string");
	is("std::__1::basic_string<wchar_t, std::__1::char_traits<wchar_t>, "
	   "std::__1::allocator<wchar_t> >",
	   "std::wstring");
	is("std::map<int, app::Club*, std::less<int>, "
	   "std::allocator<std::pair<int const, app::Club*> > >",
	   "std::map<int, app::Club *>");
	is("std::map<int, int, std::greater<int>, "
	   "std::allocator<std::pair<int const, int> > >",
	   "std::map<int, int, std::greater<int>>");
	is("std::unique_ptr<app::Club, std::default_delete<app::Club> >",
	   "std::unique_ptr<app::Club>");
	is("std::unique_ptr<app::Club, app::Deleter>",
	   "std::unique_ptr<app::Club, app::Deleter>");
	is("std::queue<int, std::deque<int, std::allocator<int> > >",
	   "std::queue<int>");
	is("std::array<int, 3ul>", "std::array<int, 3>");
	is("std::array<int, 3UL>", "std::array<int, 3>");
	is("app::Box<char const*>", "app::Box<const char *>");
	is("app::(anonymous namespace)::Hidden", "app::Hidden");
	is("app::make(int)::Node", "Node");
	is("std::function<void (int, app::Club&)>",
	   "std::function<void(int, app::Club &)>");
	is("std::_Sp_counted_ptr<app::Club*, (__gnu_cxx::_Lock_policy)2>",
	   "std::_Sp_counted_ptr<app::Club *>");
	is("app::Box<app::Pair<int, std::vector<int, std::allocator<int> > > >"
	   "::Part",
	   "app::Box<app::Pair<int, std::vector<int>>>::Part");
	is("app::Box<long unsigned int>", "app::Box<unsigned long>");
	is("long long unsigned int", "unsigned long long");
	is("app::Box<short int*, char const>", "app::Box<short *, const char>");
	is("long double", "long double");
	is("interval", "interval");
	is("app::run(int)::{lambda()#1}", "lambda in app::run");
}

static void rust(void **state)
{
	(void)state;
	is("alloc::rc::Rc<app::Node, alloc::alloc::Global>", "Rc<app::Node>");
	is("core::cell::RefCell<core::option::Option<alloc::rc::Weak<app::"
	   "Node, alloc::alloc::Global>>>",
	   "RefCell<Option<Weak<app::Node>>>");
	is("std::collections::hash::map::HashMap<alloc::string::String, "
	   "(u32, app::Node), std::hash::random::RandomState, "
	   "alloc::alloc::Global>",
	   "HashMap<String, (u32, app::Node)>");
	is("&mut dyn app::Trait", "&mut dyn app::Trait");
	is("*const app::Node", "*const app::Node");
	is("[u8; 4]", "[u8; 4]");
	is("app::main::{closure_env#0}", "closure in app::main");
}

/* What is no name stays what it is, and ends. */
static void nonsense(void **state)
{
	char deep[4000];

	(void)state;
	is("", "");
	is("a>b", "a>b");
	is("<<<", "<<<");
	memset(deep, '<', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	free(name_brief(deep));
	memset(deep, '(', 2000);
	free(name_brief(deep));
	memset(deep, '{', 1000);
	free(name_brief(deep));
	free(name_brief("a<b<c<d, e::f<, ::, <>>"));
	free(name_brief("-> -> ) ( ] ["));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cxx),
		cmocka_unit_test(rust),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
