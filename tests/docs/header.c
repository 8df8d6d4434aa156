/*
 * Uses all of gordian.h, for tests/docs/check-header.sh: as C and as C++, with
 * no warning. Prints what its own state shows; what a table was told is printed
 * by header-table.c. "absent" as the argument: there is no table.
 */
#include "gordian.h"
#include "gordian.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dlfcn.h>
#include <errno.h>

/* A program may use these names for macros of its own. */
#define ref(x) +
#define unref(x) +
#define link(x) +
#define check(x) +
#define first(x) +

struct node {
	long refs;
	struct node *first, **kids;
	struct {
		struct node *volatile parent;
	} at;
};

static struct node early, nodes[2];
static const char *const type_name = "Type";
static int times, absent;

static void *once(void *p)
{
	times++;
	return p;
}

static int fd_once(int fd)
{
	times++;
	return fd;
}

static void must(int holds, const char *what)
{
	if (holds)
		return;
	printf("wrong: %s\n", what);
	exit(1);
}

static void clear(void *owner)
{
	((struct node *)owner)->kids = NULL;
}

static void heard(const struct gordian_news *news, void *data)
{
	(void)news;
	(void)data;
}

static void before_main(void) __attribute__((constructor));
static void before_main(void)
{
	errno = 42;
	GORDIAN_REF(&early);
	must(errno == 42, "errno stays");
	must(!dlerror(), "no error of ours is left to the program");
}

#if defined(__cplusplus) || __STDC_VERSION__ >= 199901L
/* May be inlined elsewhere, so it may name nothing static. */
inline void drop(struct node *node)
{
	if (node)
		GORDIAN_UNREF(node);
	else
		GORDIAN_REF(node);
	GORDIAN_LINK(node, first, node);
}
#ifndef __cplusplus
extern void drop(struct node *node);
#endif
#else
static void drop(struct node *node)
{
	GORDIAN_UNREF(node);
	GORDIAN_LINK(node, first, node);
}
#endif

#ifdef __cplusplus
struct base {
	virtual ~base()
	{
	}
	int refs;
	base *peer;

	void join(base *other)
	{
		GORDIAN_OBJECT(this, "base");
		GORDIAN_LINK(this, peer, other);
		GORDIAN_WEAK(this, peer);
		GORDIAN_UNLINK(this, peer);
		GORDIAN_FINALIZER(this, ~base);
		GORDIAN_COUNT_FIELD(NULL, base, refs);
	}
};

template <class T> void hold(T *owner, T *target)
{
	GORDIAN_LINK(owner, peer, target);
	GORDIAN_COUNT_FIELD(NULL, T, refs);
}

static void classes(void)
{
	base *none = NULL;

	if (!absent)
		return;
	base b;
	b.peer = none;
	b.join(&b);
	hold(none, none);
}
#else
static void classes(void)
{
}
#endif

/* Each argument once; in an `if` without braces; in a comma expression. */
static void macros(struct node *a, struct node *b)
{
	struct node *kids[2];
	int i = 0, fd = 5;

	a->kids = kids;
	if (a)
		GORDIAN_OBJECT(once(a), (times++, "node"));
	else
		GORDIAN_OBJECT_ZERO(b, NULL);
	must(times == 2, "OBJECT evaluates each argument once");
	GORDIAN_OBJECT_ZERO(once(b), type_name);
	GORDIAN_REF(once(a)), GORDIAN_UNREF(once(a));
	must(times == 5, "REF and UNREF evaluate their argument once");
	drop(b);
	GORDIAN_LINK((struct node *)once(a), kids[i++], once(b));
	must(times == 7 && i == 1, "LINK evaluates each argument once");
	GORDIAN_LINK(nodes, at.parent, NULL);
	GORDIAN_UNLINK((struct node *)once(a), kids[i++]);
	must(times == 8 && i == 2, "UNLINK evaluates each argument once");
	GORDIAN_WEAK((struct node *)once(b), at.parent);
	GORDIAN_COUNT_FIELD("node", struct node, refs);
	GORDIAN_FINALIZER(once(a), nobody_declared_this);
	GORDIAN_RESOURCE(once(a), fd_once(fd++));
	must(times == 12 && fd == 6, "RESOURCE evaluates each argument once");
	GORDIAN_POOL_ALLOC(once(a), once(b), sizeof(*b) + 0 * fd++);
	GORDIAN_POOL_FREE(once(a), once(b));
	must(times == 16 && fd == 7, "POOL_ALLOC evaluates each argument once");
	GORDIAN_IGNORE(once(a));
	GORDIAN_ROOT(once(a), (size_t)fd_once(8));
	GORDIAN_BREAKABLE((struct node *)once(a), kids, clear);
	must(times == 20, "BREAKABLE evaluates each argument once");
}

static void nulls(void)
{
	struct node *none = NULL;

	GORDIAN_REF(NULL);
	GORDIAN_LINK(none, kids[1], none);
	GORDIAN_UNLINK(none, kids[1]);
	GORDIAN_WEAK(none, at.parent);
	GORDIAN_BREAKABLE(none, first, NULL);
}

/* What each function returns: -1 without a table; else what header-table.c
 * answers, 7. */
static void functions(int answer)
{
	struct gordian_stats stats;
	const void *out[1];

	must((gordian_check)() == answer, "check");
	must(gordian_collect() == answer, "collect");
	must(gordian_enable() == answer, "enable");
	must(gordian_disable() == answer, "disable");
	must(gordian_is_enabled() == answer, "is_enabled");
	must(gordian_set_threshold(1L << 40) == answer, "set_threshold");
	must(gordian_get_threshold() == answer, "get_threshold");
	must(gordian_get_stats(&stats) == answer, "get_stats");
	must(gordian_baseline() == answer, "baseline");
	must(gordian_is_tracked(&stats) == answer, "is_tracked");
	must(gordian_get_referrers(&stats, out, 1) == answer, "get_referrers");
	must(gordian_get_referents(&stats, out, 1) == answer, "get_referents");
	must(gordian_set_callback(heard, &stats) == answer, "set_callback");
	if (!getenv("OLD"))
		must(gordian_set_debug(1) == answer, "set_debug");
	else
		must(gordian_set_debug(1) == -1, "no set_debug in an old one");
	must(gordian_get_debug() == (getenv("OLD") ? -1 : answer), "get_debug");
}

int main(int argc, char **argv)
{
	absent = argc > 1 && !strcmp(argv[1], "absent");
	macros(&nodes[0], &nodes[1]);
	nulls();
	classes();
	functions(absent ? -1 : 7);
	puts("ok");
	fflush(stdout);
	GORDIAN_ASSERT_NO_NEW_LEAKS();
	return 0;
}
