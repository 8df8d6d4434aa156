/*
 * See cxxname.h.
 */
#include <string.h>

#include "meaning/cxxname.h"

#define PARTS_MAX 64

static bool has_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

bool piece_equal(struct piece a, struct piece b)
{
	return a.n == b.n && !memcmp(a.text, b.text, a.n);
}

bool piece_ends(struct piece piece, const char *end)
{
	size_t n = strlen(end);

	return piece.n > n && !memcmp(piece.text + piece.n - n, end, n);
}

/* The parts of a name, which "::" separates. */
struct parts {
	const char *start; /* behind the type that the function returns */
	struct piece last, before; /* without arguments */
};

/* The end of the brackets that begin here. */
static const char *brackets_end(const char *p)
{
	const char open = *p, close = open == '<' ? '>' : ')';
	int depth = 0;

	for (; *p; p++) {
		if (*p == open)
			depth++;
		else if (*p == close && p[-1] != '-' && !--depth)
			return p + 1;
	}
	return p;
}

static void part_end(struct parts *parts, const char **start, const char *end)
{
	parts->before = parts->last;
	parts->last = (struct piece){*start, (size_t)(end - *start)};
	*start = NULL;
}

/* "type app::Club<int>::Club(int) const": reads up to the parameters. Operators
 * are none of those that we ask for; they end the name. */
static struct parts parts_of(const char *name)
{
	static const char anonymous[] = "(anonymous namespace)";
	struct parts parts = {.start = name};
	const char *p = name, *start = name, *end;

	while (*p) {
		end = p;
		if (has_prefix(p, "operator"))
			return (struct parts){.start = parts.start};
		if (has_prefix(p, anonymous))
			p += sizeof(anonymous) - 1;
		else if (*p == '<')
			p = brackets_end(p);
		else if (*p == '(' && p > name)
			break;
		else if (*p == ' ')
			parts = (struct parts){.start = start = ++p};
		else if (p[0] == ':' && p[1] == ':')
			p += 2;
		else {
			start = start ? start : p;
			p++;
			continue;
		}
		if (start && end > start)
			part_end(&parts, &start, end);
	}
	if (start && p > start)
		part_end(&parts, &start, p);
	return parts;
}

struct piece cxx_last(const char *name)
{
	struct parts parts = parts_of(name);

	return parts.last.text ? parts.last : (struct piece){"", 0};
}

struct piece cxx_constructor_of(const char *function)
{
	struct parts parts = parts_of(function);

	if (!parts.last.n || !parts.before.n ||
	    !piece_equal(parts.last, parts.before))
		return (struct piece){"", 0};
	return parts.last;
}

bool cxx_is_standard(const char *function)
{
	const char *start = parts_of(function).start;

	return has_prefix(function, "operator new") ||
	       has_prefix(start, "std::") || has_prefix(start, "__gnu_cxx::") ||
	       has_prefix(start, "boost::");
}
