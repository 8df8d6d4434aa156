/*
 * Stands in for libgordian.so in tests/docs/check-header.sh: prints what the
 * macros of header.c tell, and answers 7 to every question. -DOLD: a table that
 * ends before its last entry, which may then not be called.
 */
#define GORDIAN_TABLE_ONLY
#include "gordian.h"
#include <stdio.h>

extern const struct gordian_api gordian_api_1;

static const char *text(const char *s)
{
	return s ? s : "-";
}

static long offset(const void *owner, const void *slot)
{
	return owner ? (const char *)slot - (const char *)owner : -1;
}

static void object(const void *p, const char *type, int count)
{
	printf("object %s %d%s\n", text(type), count, p ? "" : " NULL");
}

static void ref(const void *p)
{
	printf("ref%s\n", p ? "" : " NULL");
}

static void unref(const void *p)
{
	printf("unref%s\n", p ? "" : " NULL");
}

static void link(const void *owner, const void *slot, const char *field,
		 const void *target)
{
	printf("link %s%s%s\n", field, owner && slot ? "" : " of NULL",
	       target ? "" : " to NULL");
}

static void unlink(const void *owner, const void *slot)
{
	printf("unlink%s\n", owner && slot ? "" : " of NULL");
}

static void weak(const void *owner, const void *slot, const char *field)
{
	printf("weak %s +%ld\n", field, offset(owner, slot));
}

static void count_field(const char *type, size_t at, size_t size)
{
	printf("count_field %s +%lu %lu\n", text(type), (unsigned long)at,
	       (unsigned long)size);
}

static void finalizer(const void *p, const char *name)
{
	printf("finalizer %s%s\n", name, p ? "" : " NULL");
}

static void resource(const void *p, int fd)
{
	printf("resource %d%s\n", fd, p ? "" : " NULL");
}

static void pool_alloc(const void *pool, const void *p, size_t size)
{
	printf("pool_alloc %lu%s\n", (unsigned long)size,
	       p && p != pool ? "" : " wrong");
}

static void pool_free(const void *pool, const void *p)
{
	printf("pool_free%s\n", p && p != pool ? "" : " wrong");
}

static void ignore(const void *p)
{
	printf("ignore%s\n", p ? "" : " NULL");
}

static void root(const void *p, size_t size)
{
	printf("root %lu%s\n", (unsigned long)size, p ? "" : " NULL");
}

static void breakable(const void *owner, const void *slot, const char *field,
		      gordian_clear_fn *clear)
{
	printf("breakable %s +%ld%s\n", field, offset(owner, slot),
	       clear ? "" : " NULL");
}

static int answer(void)
{
	return 7;
}

/* No leak, from the second question on: for ASSERT_NO_NEW_LEAKS. */
static int check(void)
{
	static int asked;

	return asked++ ? 0 : 7;
}

static int enable(int on)
{
	printf("enable %d\n", on);
	return 7;
}

static long threshold(long n)
{
	printf("threshold %ld\n", n);
	return 7;
}

static int stats(struct gordian_stats *out)
{
	out->scans = 1;
	return 7;
}

static int is_tracked(const void *p)
{
	return p ? 7 : 0;
}

static int neighbours(const void *p, const void **out, int room)
{
	out[room - 1] = p;
	return 7;
}

static int callback(gordian_callback_fn *fn, void *data)
{
	struct gordian_news news = {GORDIAN_SCAN_START, 1, 0, 0, 0};

	fn(&news, data);
	return 7;
}

static int debug(int level)
{
	printf("debug %d\n", level);
	return 7;
}

const struct gordian_api gordian_api_1 = {
#ifdef OLD
	offsetof(struct gordian_api, debug),
#else
	sizeof(struct gordian_api),
#endif
	object,
	ref,
	unref,
	link,
	unlink,
	weak,
	count_field,
	finalizer,
	resource,
	pool_alloc,
	pool_free,
	ignore,
	root,
	breakable,
	check,
	answer,
	enable,
	threshold,
	stats,
	answer,
	is_tracked,
	neighbours,
	neighbours,
	callback,
	debug,
};
