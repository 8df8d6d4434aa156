/* See glib_functions.h. They are sorted by address. */
#include <errno.h>
#include "base/arena.h"
#include "base/sort.h"
#include "process/symbols.h"
#include "runtimes/glib_functions.h"

#define FUNCTIONS_MAX 65536u

static struct glib_function *functions;
static uint32_t functions_n;
static uintptr_t glib_low, glib_high;

struct some {
	struct glib_function *list; /* NULL: they are counted */
	struct item *items;
	uint32_t n;
};

static void add(const char *name, uintptr_t low, uintptr_t high, void *data)
{
	struct some *some = data;

	if (some->n == FUNCTIONS_MAX || low >= high)
		return;
	if (some->list) {
		some->list[some->n] = (struct glib_function){
			.low = low, .high = high, .name = name};
		some->items[some->n] =
			(struct item){.key = low, .value = some->n};
	}
	some->n++;
}

static int fill(const struct symbols_owner *glib, struct arena *arena,
		uint32_t n)
{
	struct some some = {
		.list = arena_array(arena, n, sizeof *some.list),
		.items = arena_array(arena, 2ul * n, sizeof *some.items)};
	uint32_t i;

	functions = arena_array(arena, n, sizeof *functions);
	if (!functions || !some.list || !some.items)
		return -ENOMEM;
	symbols_functions(glib, add, &some);
	sort_items(some.items, some.items + n, n);
	for (i = 0; i < n; i++)
		functions[i] = some.list[some.items[i].value];
	functions_n = n;
	return 0;
}

int glib_functions_begin(const struct symbols_owner *glib, struct arena *arena)
{
	struct some some = {0};

	glib_low = glib->low;
	glib_high = glib->high;
	functions_n = 0;
	symbols_functions(glib, add, &some);
	return some.n ? fill(glib, arena, some.n) : 0;
}

bool glib_has(uintptr_t address)
{
	return address >= glib_low && address < glib_high;
}

struct glib_function *glib_function_at(uintptr_t address)
{
	uint32_t low = 0, high = functions_n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (functions[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < functions[low - 1].high ? &functions[low - 1]
							: NULL;
}
