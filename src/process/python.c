/*
 * See python.h. The interpreter is found once, in the constructor or by the
 * thread that starts one. It stays: libpython is never closed.
 */
#include <stddef.h>
#include <sys/auxv.h>
#include "base/config.h"
#include "base/large.h"
#include "heap/heap.h"
#include "heap/heap_word.h"
#include "process/python.h"
#include "process/symbols.h"
#include "stack/depot.h"
#include "stack/python_frames.h"
#include "stack/python_layout.h"

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
	int (*is_ending)(void), (*is_initialized)(void);
	void (*get)(enum domain, struct allocator *);
	void (*set)(enum domain, struct allocator *);
	struct {
		uintptr_t low, high;
	} main[MAINS];
	/* What is surely the interpreter's own: its module, or what runs Python
	 * code, where that module is the whole program. */
	uintptr_t low, high;
	bool free_threaded;
} python LARGE;
static bool found;

static struct {
	bool any, now; /* an interpreter has ended; none lives */
	bool ending;   /* a scan is made while one ends */
	uint8_t epoch; /* of the last blocks that one which ended has made */
} left;

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
	python.is_initialized =
		(int (*)(void))symbols_address(owner, "Py_IsInitialized");
	python.low = owner->low;
	python.high = owner->high;
	if (owner->is_program)
		python.low = symbols_range(owner, "_PyEval_EvalFrameDefault",
					   &python.high);
	for (i = 0; i < MAINS; i++)
		python.main[i].low =
			symbols_range(owner, mains[i], &python.main[i].high);
	python.free_threaded =
		symbols_address(owner, "_Py_MergeZeroLocalRefcount");
}

/* As of 3.11 a variable says it. Before, each version brought functions. */
static uint32_t version_of(const struct symbols_owner *owner)
{
	const unsigned long *version =
		(const unsigned long *)symbols_address(owner, "Py_Version");

	if (version)
		return *version >> 16;
	if (symbols_address(owner, "PyModule_AddObjectRef"))
		return 0x030a;
	return symbols_address(owner, "PyModule_AddType") ? 0x0309 : 0;
}

/* In a build that lists all objects, each is larger. */
static void show_frames(const struct symbols_owner *owner)
{
	struct python_exports exports = {
		.version = version_of(owner),
		.current =
			symbols_address(owner, "_PyThreadState_UncheckedGet"),
		.own = symbols_address(owner, "PyGILState_GetThisThreadState"),
		.ending = (uintptr_t)python.is_ending,
		.runtime = symbols_address(owner, "_PyRuntime"),
		.code = symbols_address(owner, "PyCode_Type"),
		.unicode = symbols_address(owner, "PyUnicode_Type"),
		.low = owner->low,
		.high = owner->high,
	};
	uintptr_t entry = getauxval(AT_ENTRY);

	if (!exports.current)
		exports.current =
			symbols_address(owner, "PyThreadState_GetUnchecked");
	exports.eval = symbols_range(owner, "_PyEval_EvalFrameDefault",
				     &exports.eval_end);
	if (config.python_stacks &&
	    !symbols_address(owner, "_Py_AddToAllObjects"))
		python_frames_init(&exports,
				   entry >= owner->low && entry < owner->high);
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
	show_frames(&owner);
	__atomic_store_n(&found, true, __ATOMIC_RELEASE);
}

bool python_is_ending(void)
{
	return is_found() && python.is_ending && python.is_ending();
}

void python_note_ending(void)
{
	left.now = false;
	left.ending = true;
}

/* The scan was the end of an epoch. */
void python_note_end(void)
{
	uint8_t now = heap_epoch_now();

	left.epoch = now ? now - 1 : 0;
	left.any = left.now = true;
	left.ending = false;
}

void python_note_life(void)
{
	if (!left.now || !python.is_initialized || !python.is_initialized())
		return;
	left.now = false;
	left.epoch = heap_epoch_now();
	heap_next_epoch();
}

static bool is_own(struct depot_frame frame)
{
	return frame.pc - python.low < python.high - python.low ||
	       (python_module() && frame.module == python_module());
}

bool python_made(struct heap_word word)
{
	uint32_t node = heap_stack(word);
	bool is = false;

	for (; node && !is; node = depot_frame(node).parent)
		is = is_own(depot_frame(node));
	return is;
}

bool python_left(struct heap_word word)
{
	return (left.now || (left.any && heap_epoch(word) <= left.epoch)) &&
	       python_made(word);
}

bool python_ends_now(void)
{
	return left.ending;
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
