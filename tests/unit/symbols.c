/* Every name that libc, libm and the loader export, and some that nobody does:
 * what is found is what dlsym(RTLD_NEXT) finds. */
#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "process/symbols.h"

static struct symbols all;
static uint32_t found, asked;

static void one(const char *name)
{
	void *address, *theirs = dlsym(RTLD_NEXT, name);

	if (!symbols_find(&all, name, &address)) {
		asked++;
		return;
	}
	found += address != NULL;
	if (address != theirs)
		print_error("%s: %p, not %p\n", name, address, theirs);
	assert_ptr_equal(address, theirs);
}

static uint32_t count_of(const struct symbols_module *m)
{
	uint32_t i, last = 0;

	for (i = 0; i < m->buckets_n; i++)
		if (m->buckets[i] > last)
			last = m->buckets[i];
	while (last && !(m->chain[last - m->first] & 1))
		last++;
	return last + 1;
}

static void as_dlsym(void **state)
{
	static const char *const none[] = {"_Znwm", "mallocx", "no_such_name",
					   "", "gordian_nothing"};
	uint32_t i, k;

	(void)state;
	assert_true(symbols_begin(&all, (void *)as_dlsym));
	assert_true(all.n >= 2);
	for (i = 0; i < all.n; i++) {
		const struct symbols_module *m = &all.module[i];
		const ElfW(Sym) *symbols = m->symbols;

		for (k = m->first; k < count_of(m); k++)
			one(m->names + symbols[k].st_name);
	}
	for (i = 0; i < sizeof none / sizeof *none; i++)
		one(none[i]);
	assert_true(found > 2000);
	assert_true(asked > 50 && asked < found / 2); /* memcpy and its kin */
}

/* As of a module that none stands behind, or of no module. */
static void nobody(void **state)
{
	struct symbols none;
	int local = 0;

	(void)state;
	assert_false(symbols_begin(&none, &local));
}

/* Also a module of libc's that was opened later, and for its opener alone. */
static void owner(void **state)
{
	void *opened = dlopen("libnss_compat.so.2", RTLD_LAZY | RTLD_LOCAL);
	struct symbols_owner of;

	(void)state;
	assert_true(symbols_owner(&of, "abort"));
	assert_ptr_equal((void *)symbols_address(&of, "abort"), (void *)abort);
	assert_true(of.low < (uintptr_t)abort && (uintptr_t)abort < of.high);
	assert_int_equal(symbols_address(&of, "no_such_name"), 0);
	assert_int_equal(symbols_address(&of, "memcpy"), 0); /* it is chosen */
	assert_false(symbols_owner(&of, "no_such_name"));
	assert_non_null(opened);
	assert_true(symbols_owner(&of, "_nss_compat_setpwent"));
	assert_ptr_equal((void *)symbols_address(&of, "_nss_compat_setpwent"),
			 dlsym(opened, "_nss_compat_setpwent"));
	dlclose(opened);
	assert_false(symbols_owner(&of, "_nss_compat_setpwent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owner),
		cmocka_unit_test(as_dlsym),
		cmocka_unit_test(nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
