/*
 * Modules keep their index and name after they are closed; others at the same
 * address get their own. The plugins are compiled on the spot.
 */
#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
#include <cmocka.h>
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/stack.h"

typedef void call_fn(void (*callback)(void));

static char directory[] = "/tmp/unit-module-XXXXXX";
static uint32_t last_stack;

static const struct link_map *map_of(const void *address)
{
	struct link_map *map = NULL;
	Dl_info info;

	assert_int_not_equal(
		dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP), 0);
	return map;
}

static void program_has_its_path(void **state)
{
	char path[4096] = "";
	uint32_t index = module_find((uintptr_t)program_has_its_path);
	const struct module *module = module_get(index);
	(void)state;

	assert_int_not_equal(index, 0);
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	assert_string_equal(module->path, path);
	assert_true(module_is_program(index));
	assert_in_range((uintptr_t)map_of, module->start, module->end - 1);
	assert_int_equal(module_find((uintptr_t)map_of), index);
}

static void libraries_have_all(void **state)
{
	uintptr_t code = (uintptr_t)dlsym(RTLD_DEFAULT, "qsort");
	uint32_t index = module_find(code);
	const struct module *module = module_get(index);
	const struct link_map *map = map_of((void *)code);
	(void)state;

	assert_string_equal(module->path, map->l_name);
	assert_int_equal(module->bias, map->l_addr);
	assert_in_range(code, module->start, module->end - 1);
	assert_int_equal(module->build_id_n, 20);
	assert_false(module_is_program(index));
	assert_true(module_readable(index, module->start) > 64);
	assert_int_equal(module_readable(index, module->start - 1), 0);
	assert_int_equal(module_readable(index, module->end), 0);
}

static void vdso_is_one(void **state)
{
	uintptr_t at = getauxval(AT_SYSINFO_EHDR);
	(void)state;

	if (!at)
		skip();
	assert_non_null(strstr(module_get(module_find(at))->path, "vdso"));
}

static void the_rest_is_none(void **state)
{
	void *block = malloc(1);
	(void)state;

	assert_int_equal(module_find((uintptr_t)block), 0);
	assert_int_equal(module_find((uintptr_t)&block), 0);
	assert_int_equal(module_find(0), 0);
	assert_int_equal(module_find(UINTPTR_MAX), 0);
	assert_string_equal(module_get(0)->path, "");
	free(block);
}

/* Compiles a plugin whose code and CFI depend on how much stack it takes. */
static void compile(const char *name, int bytes, const char *option)
{
	const char *cc = getenv("CC");
	char command[1000];

	snprintf(command, sizeof(command),
		 "echo 'void call(void (*f)(void)) { volatile char a[%d]; "
		 "a[0] = 1; f(); a[1] = 1; }' | "
		 "%s -x c -O2 -fPIC -shared %s -o %s/%s.so -",
		 bytes, cc && *cc ? cc : "cc", option, directory, name);
	if (system(command))
		skip();
}

static void *open_plugin(const char *name)
{
	char path[1000];
	void *plugin;

	snprintf(path, sizeof(path), "%s/%s.so", directory, name);
	plugin = dlopen(path, RTLD_NOW);
	assert_non_null(plugin);
	return plugin;
}

__attribute__((optimize("no-omit-frame-pointer"))) static void hook(void)
{
	last_stack = stack_capture(__builtin_frame_address(0), NULL);
}

/* The module of the plugin's frame in a stack that goes through it. */
static uint32_t call_plugin(void *plugin)
{
	call_fn *call = (call_fn *)dlsym(plugin, "call");
	struct depot_frame inner, outer;

	call(hook);
	inner = depot_frame(last_stack);
	outer = depot_frame(inner.parent);
	assert_int_equal(inner.module, module_find((uintptr_t)call));
	/* Its rules are those of this plugin: its caller is found. */
	assert_int_equal(outer.module, module_find((uintptr_t)call_plugin));
	return inner.module;
}

static void others_take_the_place(void **state)
{
	void *plugin;
	uint32_t first, second, third;
	uintptr_t place;
	(void)state;

	compile("first", 100, "-Wl,--build-id");
	compile("second", 1000, "-Wl,--build-id");
	plugin = open_plugin("first");
	first = call_plugin(plugin);
	place = module_get(first)->start;
	dlclose(plugin);
	module_unloaded();
	assert_int_equal(module_find(place), 0);

	plugin = open_plugin("second");
	second = call_plugin(plugin);
	assert_int_not_equal(second, first);
	assert_non_null(strstr(module_get(first)->path, "/first.so"));
	assert_non_null(strstr(module_get(second)->path, "/second.so"));
	assert_int_equal(module_get(second)->start, place);
	dlclose(plugin);

	/* The other closed without our knowing, and the same file again: it
	 * is known by its build-id. */
	plugin = open_plugin("first");
	third = call_plugin(plugin);
	assert_int_equal(module_get(first)->build_id_n, 20);
	assert_int_equal(third, first);
	dlclose(plugin);
	module_unloaded();
	assert_int_equal(module_find(place), 0);
}

static void without_build_id_is_new(void **state)
{
	uint32_t first, second;
	void *plugin;
	(void)state;

	compile("nameless", 100, "-Wl,--build-id=none");
	plugin = open_plugin("nameless");
	first = call_plugin(plugin);
	assert_int_equal(module_get(first)->build_id_n, 0);
	dlclose(plugin);
	module_unloaded();
	plugin = open_plugin("nameless");
	second = call_plugin(plugin);
	assert_int_not_equal(second, first);
	assert_string_equal(module_get(second)->path, module_get(first)->path);
	assert_int_equal(call_plugin(plugin), second);
	dlclose(plugin);
	module_unloaded();
}

static void relative_names_become_absolute(void **state)
{
	char before[4096];
	void *plugin;
	uint32_t index;
	(void)state;

	compile("third", 50, "-Wl,--build-id");
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(directory), 0);
	plugin = dlopen("./third.so", RTLD_NOW);
	assert_non_null(plugin);
	index = module_find((uintptr_t)dlsym(plugin, "call"));
	assert_int_equal(chdir(before), 0);
	assert_int_equal(module_get(index)->path[0], '/');
	assert_int_equal(access(module_get(index)->path, R_OK), 0);
	dlclose(plugin);
	module_unloaded();
}

static int make_directory(void **state)
{
	(void)state;
	stack_init(true);
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	char command[100];
	(void)state;

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_has_its_path),
		cmocka_unit_test(libraries_have_all),
		cmocka_unit_test(vdso_is_one),
		cmocka_unit_test(the_rest_is_none),
		cmocka_unit_test(others_take_the_place),
		cmocka_unit_test(without_build_id_is_new),
		cmocka_unit_test(relative_names_become_absolute),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
