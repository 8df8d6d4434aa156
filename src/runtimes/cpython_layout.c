/*
 * See cpython_layout.h. From 3.13 on the interpreter tells debuggers where its
 * structures are (_Py_DebugOffsets, at the beginning of _PyRuntime).
 */
#include <stddef.h>
#include <string.h>
#include "process/symbols.h"
#include "runtimes/cpython_layout.h"
#include "scan/fault.h"
#include "scan/foreign.h"

#define VERSION_TEXT 32

struct cpython cpython;

/* By minor version; in the order of struct cpython. */
struct offsets {
	uint32_t interpreters, next, threads, state, collecting;
	uint32_t thread_next, stack;
};
static const struct offsets known[] = {
	[9] = {32, 0, 8, 0, 200, 8, 0},
	[10] = {32, 0, 8, 0, 200, 8, 0},
	[11] = {40, 0, 16, 0, 200, 8, 296},
	[12] = {40, 0, 72, 0, 200, 8, 232},
};

/* Where _Py_DebugOffsets have them. */
#define DEBUG_COOKIE "xdebugpy"
#define DEBUG_VERSION 8
#define DEBUG_FREE_THREADED 16
static const struct offsets told[] = {
	[13] = {40, 64, 72, 80, 576, 168, 208},
	[14] = {40, 64, 72, 88, 656, 192, 232},
};

static uint32_t told_at(uint32_t at)
{
	uintptr_t offset = word_at(cpython.runtime + at);

	return offset < 1u << 24 && !(offset & 3) ? offset : UINT32_MAX;
}

static void use(const struct offsets *o)
{
	cpython.interpreters = o->interpreters;
	cpython.next = o->next;
	cpython.threads = o->threads;
	cpython.state = o->state;
	cpython.collecting = o->collecting;
	cpython.thread_next = o->thread_next;
	cpython.stack = o->stack;
}

static bool use_told(const struct offsets *o)
{
	char cookie[8];
	struct offsets out = {
		told_at(o->interpreters), told_at(o->next),
		told_at(o->threads),	  told_at(o->state),
		told_at(o->collecting),	  told_at(o->thread_next),
		told_at(o->stack),
	};
	const uint32_t *each = (const uint32_t *)&out;
	uint32_t i;

	fault_copy(cookie, cpython.runtime, sizeof cookie);
	if (memcmp(cookie, DEBUG_COOKIE, sizeof cookie) ||
	    word_at(cpython.runtime + DEBUG_VERSION) >> 16 !=
		    (0x300 | cpython.minor) ||
	    word_at(cpython.runtime + DEBUG_FREE_THREADED))
		return false;
	for (i = 0; i < sizeof out / sizeof *each; i++)
		if (each[i] == UINT32_MAX)
			return false;
	use(&out);
	return true;
}

static bool use_offsets(void)
{
	if (cpython.minor >= 13)
		return use_told(&told[cpython.minor]);
	use(&known[cpython.minor]);
	return true;
}

struct version {
	const char *(*get)(void);
	const char *text;
};

static long get_version(void *data)
{
	struct version *version = data;

	version->text = version->get();
	return 0;
}

/* Before 3.11: "3.9.2 (default, …", which a function makes. */
static unsigned called_version(const struct symbols_owner *owner)
{
	struct version version = {.get = (const char *(*)(void))symbols_address(
					  owner, "Py_GetVersion")};
	char text[VERSION_TEXT];
	unsigned minor = 0;
	const char *s;

	if (!version.get || foreign_begin())
		return 0;
	if (foreign_call(get_version, &version) != FOREIGN_RETURNED)
		version.text = NULL;
	foreign_end();
	fault_copy(text, (uintptr_t)version.text, sizeof text);
	text[sizeof text - 1] = 0;
	if (strncmp(text, "3.", 2))
		return 0;
	for (s = text + 2; *s >= '0' && *s <= '9'; s++)
		minor = minor * 10 + (*s - '0');
	return minor;
}

static unsigned version_of(const struct symbols_owner *owner)
{
	uintptr_t at = symbols_address(owner, "Py_Version");
	uint32_t version = 0;

	if (!at)
		return called_version(owner);
	fault_copy(&version, at, sizeof version);
	return version >> 24 == 3 ? version >> 16 & 255 : 0;
}

static void find_types(const struct symbols_owner *owner)
{
	static const struct {
		const char *name;
		uintptr_t *at;
	} list[] = {
		{"PyType_Type", &cpython.type},
		{"PyBaseObject_Type", &cpython.object},
		{"PyList_Type", &cpython.list},
		{"PyTuple_Type", &cpython.tuple},
		{"PyDict_Type", &cpython.dict},
		{"PySet_Type", &cpython.set},
		{"PyFrozenSet_Type", &cpython.frozenset},
		{"_PyWeakref_RefType", &cpython.weak},
		{"_PyWeakref_ProxyType", &cpython.weak_proxy},
		{"_PyWeakref_CallableProxyType", &cpython.weak_callable},
		{"PyCell_Type", &cpython.cell},
		{"PyFunction_Type", &cpython.function},
		{"PyCFunction_Type", &cpython.c_function},
		{"PyCode_Type", &cpython.code},
		{"PyFrame_Type", &cpython.frame},
		{"PyUnicode_Type", &cpython.leaf[0]},
		{"PyBytes_Type", &cpython.leaf[1]},
		{"PyLong_Type", &cpython.leaf[2]},
		{"PyFloat_Type", &cpython.leaf[3]},
		{"PyComplex_Type", &cpython.leaf[4]},
		{"_PyRuntime", &cpython.runtime},
	};
	size_t i;

	for (i = 0; i < sizeof list / sizeof *list; i++)
		*list[i].at = symbols_address(owner, list[i].name);
	/* a short string has no room for a whole PyUnicodeObject */
	cpython.least[0] = cpython.minor < 12 ? 48 : 40;
}

enum known cpython_find(void)
{
	struct symbols_owner owner;
	uintptr_t head[2];

	if (!symbols_owner(&owner, "PyType_Type"))
		return KNOWN_ABSENT;
	cpython.minor = version_of(&owner);
	cpython.low = owner.low;
	cpython.high = owner.high;
	if (cpython.minor < CPYTHON_OLDEST || cpython.minor > CPYTHON_NEWEST)
		return KNOWN_NOT;
	find_types(&owner);
	fault_copy(head, cpython.type, sizeof head);
	if (!cpython.runtime || !cpython.object || head[1] != cpython.type ||
	    !use_offsets())
		return KNOWN_NOT;
	cpython.tuple_items = word_at(cpython.tuple + TYPE_BASIC);
	return KNOWN;
}
