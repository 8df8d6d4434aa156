/*
 * See python.h. The interpreter is found once, in the constructor or by the
 * thread that starts one. It stays: libpython is never closed.
 */
#include <stddef.h>
#include "process/python.h"
#include "process/symbols.h"

/* A domain's allocator, as CPython 3.9 to 3.14 have it. */
struct allocator {
	void *context;
	void *(*malloc)(void *, size_t);
	void *(*calloc)(void *, size_t, size_t);
	void *(*realloc)(void *, void *, size_t);
	void (*free)(void *, void *);
};
enum domain { DOMAIN_RAW, DOMAIN_MEM, DOMAIN_OBJ };

#define MAINS 3

static struct python {
	int (*is_ending)(void);
	void (*get)(enum domain, struct allocator *);
	void (*set)(enum domain, struct allocator *);
	struct {
		uintptr_t low, high;
	} main[MAINS];
	bool free_threaded;
} python;
static bool found;

static void read_exports(const struct symbols_owner *owner)
{
	static const char *const mains[MAINS] = {"Py_RunMain", "Py_BytesMain",
						 "Py_Main"};
	uintptr_t ending = symbols_address(owner, "_Py_IsFinalizing");
	int i;

	if (!ending) /* 3.13 and later */
		ending = symbols_address(owner, "Py_IsFinalizing");
	python.is_ending = (int (*)(void))ending;
	python.get = (void (*)(enum domain, struct allocator *))symbols_address(
		owner, "PyMem_GetAllocator");
	python.set = (void (*)(enum domain, struct allocator *))symbols_address(
		owner, "PyMem_SetAllocator");
	for (i = 0; i < MAINS; i++)
		python.main[i].low =
			symbols_range(owner, mains[i], &python.main[i].high);
	python.free_threaded =
		symbols_address(owner, "_Py_MergeZeroLocalRefcount");
}

static bool is_found(void)
{
	return __atomic_load_n(&found, __ATOMIC_ACQUIRE);
}

void python_find(void)
{
	struct symbols_owner owner;

	if (is_found() || !symbols_owner(&owner, "Py_IsInitialized"))
		return;
	read_exports(&owner);
	__atomic_store_n(&found, true, __ATOMIC_RELEASE);
}

bool python_is_ending(void)
{
	return is_found() && python.is_ending && python.is_ending();
}

bool python_is_main(uintptr_t pc)
{
	int i;

	for (i = 0; is_found() && i < MAINS; i++)
		if (pc >= python.main[i].low && pc < python.main[i].high)
			return true;
	return false;
}

bool python_is_free_threaded(void)
{
	return is_found() && python.free_threaded;
}

void python_use_malloc(void)
{
	struct allocator malloc;

	if (!is_found() || !python.get || !python.set || python.free_threaded)
		return;
	python.get(DOMAIN_RAW, &malloc);
	python.set(DOMAIN_MEM, &malloc);
	python.set(DOMAIN_OBJ, &malloc);
}
