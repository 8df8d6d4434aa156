/* Names as compilers mangle them: C++, and the two manglings of Rust (the
 * newer ones from the examples of RFC 2603, which describes it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "symbols/place.h"

#define HASH "17h01f2b3c4d5e6f708E"

static const struct {
	const char *mangled, *plain;
} names[] = {
	{"main", "main"},
	{"", ""},
	{"_Z", "_Z"},
	{"_RX", "_RX"},
	{"_Release", "_Release"},
	{"_ZN5space4makeEi", "space::make(int)"},
	{"_ZTV6Widget", "vtable for Widget"},
	{"_ZNSt6vectorIiSaIiEE9push_backERKi",
	 "std::vector<int, std::allocator<int> >::push_back(int const&)"},
	/* the older one of Rust */
	{"_ZN10rust_names4main" HASH, "rust_names::main"},
	{"_ZN5alloc2rc11Rc$LT$T$GT$3new" HASH, "alloc::rc::Rc<T>::new"},
	{"_ZN4core3ptr13drop_in_place" HASH ".llvm.8234",
	 "core::ptr::drop_in_place"},
	{"_ZN63_$LT$alloc..alloc..Global$u20$as$u20$core..alloc..Allocator$GT$"
	 "8allocate" HASH,
	 "<alloc::alloc::Global as core::alloc::Allocator>::allocate"},
	{"_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$" HASH,
	 "std::rt::lang_start::{{closure}}"},
	/* the newer one */
	{"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
	{"_RNvNtNtCs1234_7mycrate3foo3bar3baz", "mycrate::foo::bar::baz"},
	{"_RNvMs_Cs1234_7mycrateNtB4_3Foo3bar", "mycrate::Foo::bar"},
	{"_RNvXCs1234_7mycrateNtB2_3FooNtB2_5Clone5clone",
	 "<mycrate::Foo as mycrate::Clone>::clone"},
	{"_RNCNvCs1234_7mycrate4main0", "mycrate::main::{closure#0}"},
	{"_RINvCs1234_7mycrate3fooNtB2_3BarE", "mycrate::foo::<mycrate::Bar>"},
	{"_RNvMCs1234_7mycrateINtB2_3BoxNtB2_4NodeE3new",
	 "mycrate::Box<mycrate::Node>::new"},
	{"_RNvMCs1234_7mycrateSNtB2_4Node4sort", "<[mycrate::Node]>::sort"},
	{"_RNvC7mycrateu8gdel_5qa", "mycrate::gödel"},
};

static void names_are_plain(void **state)
{
	struct report *report = report_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_string_equal(name_demangle(report, names[i].mangled),
				    names[i].plain);
	report_free(report);
}

/* Names are as long and as deep as whoever wrote the file made them. */
static void hostile_names_end(void **state)
{
	struct report *report = report_new();
	char deep[100000];
	size_t i;

	(void)state;
	for (i = 0; i + 1 < sizeof(deep); i++)
		deep[i] = "_RYYYYYY"[i < 8 ? i : 7];
	deep[i] = '\0';
	assert_string_equal(name_demangle(report, deep), deep);
	for (i = 2; i + 1 < sizeof(deep); i++)
		deep[i] = 'P';
	deep[1] = 'Z';
	name_demangle(report, deep);
	report_free(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_plain),
		cmocka_unit_test(hostile_names_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
