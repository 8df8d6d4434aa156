/*
 * See functions.h.
 */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "common/text.h"
#include "model/functions.h"

/* Behind the sign of an operator: "()", "<<=", "->"; p is behind "operator". */
static const char *operator_end(const char *p)
{
	p += strspn(p, " ");
	if (text_begins(p, "()"))
		return p + 2;
	if (*p == '<')
		return p + strspn(p, "<=>");
	return p + strspn(p, "=>-+*/%^&|~!,[]");
}

/* Brackets of templates are skipped. Those of operators and of "(anonymous
 * namespace)" are part of the name. */
const char *function_bounds(const char *text, const char **start)
{
	static const char anonymous[] = "(anonymous namespace)";
	const char *p = text;
	int depth = 0;

	*start = text;
	while (*p) {
		if (text_begins(p, anonymous)) {
			p += sizeof(anonymous) - 1;
			continue;
		}
		if (text_begins(p, "operator") && !depth) {
			p = operator_end(p + strlen("operator"));
			continue;
		}
		if (*p == '<')
			depth++;
		else if (*p == '>' && depth)
			depth -= p == text || p[-1] != '-';
		else if (!depth && *p == '(' && p > text)
			return p;
		else if (!depth && *p == ' ')
			*start = p + 1;
		p++;
	}
	return p;
}

/* C++ writes parameters behind each name. C has no "::". */
bool function_is_rust(const char *text)
{
	const char *start;

	return !*function_bounds(text, &start) && strstr(text, "::") &&
	       !strstr(text, "operator");
}

bool function_is_standard(const char *text)
{
	static const char *const roots[] = {
		"alloc::", "core::", "std::", "fn(", "T as ", "F as "};
	const char *start;
	size_t i;

	if (!function_is_rust(text)) {
		function_bounds(text, &start);
		return text_begins(start, "std::") ||
		       text_begins(start, "__gnu_cxx::");
	}
	text += strspn(text, "<&[");
	for (i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		if (text_begins(text, roots[i]))
			return true;
	return false;
}

bool function_is_allocator(const char *text)
{
	static const char *const parts[] = {
		"malloc", "calloc", "realloc", "zalloc", "memalign",
		"valloc", "strdup", "strndup", "memdup", "asprintf"};
	static const char *const prefixes[] = {"operator new",
					       "g_slice_",
					       "g_type_create_instance",
					       "g_object_new",
					       "g_initable_",
					       "_PyObject_New",
					       "_PyObject_GC_",
					       "PyType_GenericAlloc",
					       "__rust_alloc",
					       "__rdl_alloc",
					       "__rg_alloc"};
	const char *start, *end = function_bounds(text, &start);
	char name[128];
	size_t i, n = (size_t)(end - start);

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (text_begins(start, prefixes[i]))
			return true;
	if (n >= sizeof(name) || strstr(text, "::"))
		return false;
	for (i = 0; i < n; i++)
		name[i] = (char)tolower((unsigned char)start[i]);
	name[n] = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}
