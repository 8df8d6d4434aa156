/* Names of classes: of tables made by hand as the C++ ABI has them, and of what
 * only resembles them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>
#include "scan/rtti.h"
#include "process/real.h"
#include "scan/fault.h"
#include "stack/stack.h"

struct info {
	const void *vtable;
	const char *name;
};

struct table {
	intptr_t top;
	const struct info *info;
	void *functions[2];
};

/* The ABI's library: its kinds of type_info are classes themselves. */
static struct table support_table;
static char support_name[] = "N10__cxxabiv120__si_class_type_infoE";
static struct info support = {support_table.functions, support_name};

static char name[4096];
static struct info info = {support_table.functions, name};
static struct table table = {0, &info, {0}};

static const char *name_of(const void *vtable)
{
	static char out[RTTI_NAME];
	size_t n = rtti_name((uintptr_t)vtable, out, sizeof out);

	if (!n)
		return NULL;
	assert_int_equal(n, strlen(out));
	return out;
}

static int setup(void **state)
{
	(void)state;
	support_table.info = &support;
	support = (struct info){support_table.functions, support_name};
	strcpy(support_name, "N10__cxxabiv120__si_class_type_infoE");
	memset(name, 0, sizeof name);
	strcpy(name, "N3app4ClubE");
	info = (struct info){support_table.functions, name};
	table = (struct table){0, &info, {0}};
	return 0;
}

static void classes_have_names(void **state)
{
	static const char *const kinds[] = {
		"N10__cxxabiv117__class_type_infoE",
		"N10__cxxabiv120__si_class_type_infoE",
		"N10__cxxabiv121__vmi_class_type_infoE"};
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		support.name = kinds[i];
		assert_string_equal(name_of(table.functions), "N3app4ClubE");
	}
	strcpy(name, "*N12_GLOBAL__N_13BoxE");
	assert_string_equal(name_of(table.functions), "N12_GLOBAL__N_13BoxE");
	strcpy(name, "4Caf\xc3\xa9");
	assert_string_equal(name_of(table.functions), "4Caf\xc3\xa9");
}

static void other_types_have_none(void **state)
{
	(void)state;
	support.name = "N10__cxxabiv119__pointer_type_infoE";
	assert_null(name_of(table.functions));
	support.name = "St9type_info";
	assert_null(name_of(table.functions));
	support.name = NULL;
	assert_null(name_of(table.functions));
}

static void second_bases_have_none(void **state)
{
	(void)state;
	table.top = -16;
	assert_null(name_of(table.functions));
}

static void names_are_looked_at(void **state)
{
	static const char *const wrong[] = {"",	    "*",     "i",    "PKc",
					    "4A b", "4A\nb", "\x7f", "**4Club"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		strcpy(name, wrong[i]);
		assert_null(name_of(table.functions));
	}
	memset(name, '1', RTTI_NAME - 1);
	assert_non_null(name_of(table.functions));
	name[RTTI_NAME - 1] = '1';
	assert_null(name_of(table.functions));
}

/* Every word of the chain replaced by each that leads elsewhere. */
static void damage_gives_none(void **state)
{
	static char data[64];
	void *no_access =
		mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *heap = calloc(1, 4096);
	uintptr_t wrong[] = {0,
			     1,
			     8,
			     4095,
			     4096,
			     (uintptr_t)no_access,
			     (uintptr_t)heap + 64,
			     (uintptr_t)data + 16,
			     (uintptr_t)data + 17,
			     (uintptr_t)&table + 1,
			     (uintptr_t)-8,
			     (uintptr_t)-1,
			     1ul << 47,
			     1ul << 63};
	uintptr_t *places[] = {
		(uintptr_t *)&table.info,     (uintptr_t *)&info.vtable,
		(uintptr_t *)&info.name,      (uintptr_t *)&support_table.info,
		(uintptr_t *)&support.vtable, (uintptr_t *)&support.name};
	size_t i, k;

	(void)state;
	assert_non_null(heap);
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_null(name_of((void *)wrong[i]));
		for (k = 0; k < sizeof places / sizeof *places; k++) {
			if (places[k] == (uintptr_t *)&support.vtable)
				continue; /* nothing depends on it */
			setup(NULL);
			*places[k] = wrong[i];
			assert_null(name_of(table.functions));
		}
	}
	free(heap);
	munmap(no_access, 8192);
}

/* A program may take the access to its own data. */
static void what_cannot_be_read_has_none(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	static struct table hidden[1024] __attribute__((aligned(4096)));

	(void)state;
	hidden[200] = table;
	assert_non_null(name_of(hidden[200].functions));
	assert_int_equal(
		mprotect(hidden, sizeof hidden / page * page, PROT_NONE), 0);
	real_init();
	fault_survive(NULL);
	assert_null(name_of(hidden[200].functions));
	mprotect(hidden, sizeof hidden / page * page, PROT_READ | PROT_WRITE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(classes_have_names, setup),
		cmocka_unit_test_setup(other_types_have_none, setup),
		cmocka_unit_test_setup(second_bases_have_none, setup),
		cmocka_unit_test_setup(names_are_looked_at, setup),
		cmocka_unit_test_setup(damage_gives_none, setup),
		cmocka_unit_test_setup(what_cannot_be_read_has_none, setup),
	};

	stack_init(false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
