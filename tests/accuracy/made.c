/*
 * Allocations of every form that C has, each on a line of its own with what it
 * makes beside it: "= TYPE"; accuracy.py and tests/outside/typed.py hold the
 * report against these comments. forget.c leaks them all. The comments have to
 * stay on their lines: clang-format off.
 */
/* clang-format off */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

/* The compiler may not leave the allocation out. */
#define use(p) __asm__ volatile("" : : "r"(p) : "memory")

struct paper {
	int pages;
	struct paper *next;
};

typedef struct {
	double x, y, z;
} point;

struct tray {
	struct paper **papers;
	point *points;
	int *counts;
	char *label;
	void *any;
	struct paper *last;
	size_t n;
};

struct shape {
	int kind;
	struct shape *parent;
};

struct circle {
	struct shape base;
	double radius[3];
};

struct square {
	struct shape base;
	double sides[7];
};

struct text {
	size_t size;
	char bytes[];
};

struct table {
	struct table *next;
	int n;
	struct row {
		long key;
		void *value;
	} rows[1];
};

union value {
	long number;
	double real;
	char text[40];
	struct paper *paper;
};

enum color { RED, GREEN };

struct node {
	struct node *left, *right;
	void *data;
	char name[21];
};

struct allocator {
	void *(*get)(struct allocator *, size_t);
	size_t total;
};

struct worker {
	char state[72];
	struct tray tray;
};

struct pool {
	struct pool *before;
	char room[4000];
};

struct view {
	struct row *first, *behind;
};

struct any {
	int kind;
	struct any *more;
	union {
		double real;
		struct {
			long n;
			struct row *rows;
		} list;
		struct {
			long n;
			int *numbers;
		} numbers;
		struct {
			long n;
			char *bytes;
			void *more;
		} text;
	} u;
};

static struct tray *the_tray;
static struct view *volatile the_view;
static struct paper *papers[4];
static volatile int seed = 3;

/* Wrappers, of which some count and check. */
static NOINLINE void *xmalloc(size_t size)
{
	void *block = malloc(size);

	if (!block)
		abort();
	return block;
}

static inline void *zalloc(size_t size)
{
	void *block = xmalloc(size);

	memset(block, 0, size);
	return block;
}

static NOINLINE void *xcalloc(size_t n, size_t size)
{
	return calloc(n, size);
}

static NOINLINE void *xrealloc(void *old, size_t size)
{
	void *block = realloc(old, size);

	if (!block)
		exit(1);
	return block;
}

static NOINLINE void *get(struct allocator *from, size_t size)
{
	from->total += size;
	return malloc(size);
}

#define NEW(type) ((type *)xmalloc(sizeof(type)))
#define NEW_ARRAY(type, n) ((type *)xcalloc(n, sizeof(type)))

/* As local variables. */
static NOINLINE void variables(void)
{
	struct paper *one = malloc(sizeof(*one)); /* = struct paper */
	point *where = malloc(sizeof(point)); /* = point */
	struct paper *many = calloc(5, sizeof(struct paper)); /* = struct paper [5] */
	struct paper **list = malloc(3 * sizeof(*list)); /* = struct paper *[3] */
	union value *value = malloc(sizeof(*value)); /* = union value */
	struct worker *worker = calloc(1, sizeof(*worker)); /* = struct worker */
	struct node *node;

	node = malloc(sizeof(struct node)); /* = struct node */
	node->name[0] = 0;
	one->next = many;
	list[0] = one;
	use(one);
	use(where);
	use(list);
	use(value);
	use(worker);
	use(node);
}

static NOINLINE void data(void)
{
	char *text = malloc(33); /* = char [33] */
	int *numbers = malloc(7 * sizeof(int)); /* = int [7] */
	double *reals = calloc(9, sizeof(double)); /* = double [9] */
	enum color *colors = malloc(4 * sizeof(*colors)); /* = enum color [4] */
	char **words = malloc(6 * sizeof(char *)); /* = char *[6] */
	int(*grid)[4] = malloc(sizeof(int[5][4])); /* = int [5][4] */

	use(text);
	use(numbers);
	use(reals);
	use(colors);
	use(words);
	use(grid);
}

/* Straight into memory. */
static NOINLINE void members(struct tray *tray)
{
	tray->papers = malloc(4 * sizeof(*tray->papers)); /* = struct paper *[4] */
	tray->points = malloc(2 * sizeof(point)); /* = point [2] */
	tray->counts = calloc(8, sizeof(int)); /* = int [8] */
	tray->last = malloc(sizeof(struct paper)); /* = struct paper */
	tray->any = malloc(sizeof(struct node)); /* = struct node */
	tray->label = malloc(20); /* = char [20] */
	use(tray);
}

static NOINLINE void globals(void)
{
	int i;

	the_tray = malloc(sizeof(*the_tray)); /* = struct tray */
	for (i = 0; i < 4; i++)
		papers[i] = malloc(sizeof(struct paper)); /* = struct paper */
	use(papers);
}

static NOINLINE void out(struct worker **worker)
{
	*worker = malloc(sizeof(**worker)); /* = struct worker */
}

/* The value goes to the caller. */
static NOINLINE struct paper *paper_new(void)
{
	return malloc(sizeof(struct paper)); /* = struct paper */
}

static struct tray *tray_new(void)
{
	struct tray *tray = zalloc(sizeof(*tray)); /* = struct tray */

	if (!tray)
		return NULL;
	tray->points = NEW(point); /* = point */
	return tray;
}

static NOINLINE void *opaque_new(void)
{
	struct worker *worker = malloc(sizeof(*worker)); /* = struct worker */

	worker->state[0] = 1;
	return worker;
}

/* Base and derived. */
static NOINLINE struct shape *circle_new(void)
{
	struct circle *circle = malloc(sizeof(*circle)); /* = struct circle */

	circle->base.kind = 1;
	circle->base.parent = NULL;
	return &circle->base;
}

static NOINLINE struct shape *square_new(void)
{
	struct shape *shape = malloc(sizeof(struct square)); /* = struct square */

	shape->kind = 2;
	return shape;
}

static NOINLINE struct shape *shape_of(int kind)
{
	size_t size = kind ? sizeof(struct circle) : sizeof(struct square);
	struct shape *shape = malloc(size); /* = struct circle | struct square */

	shape->kind = kind;
	return shape;
}

/* What is longer than its type. */
static NOINLINE void longer(const char *what)
{
	size_t n = strlen(what);
	struct text *text = malloc(sizeof(*text) + n + 1); /* = struct text */
	struct text *exact = malloc(offsetof(struct text, bytes) + n); /* = struct text */
	struct table *table = /* more rows than one */
		malloc(sizeof(*table) + 4 * sizeof(struct row)); /* = struct table */

	memcpy(text->bytes, what, n + 1);
	table->rows[4].key = 1;
	use(text);
	use(exact);
	use(table);
}

/* Through wrappers, macros, pointers to functions. */
static NOINLINE void wrapped(struct allocator *from)
{
	struct node *node = xmalloc(sizeof(*node)); /* = struct node */
	struct circle *circle = NEW(struct circle); /* = struct circle */
	struct row *rows = NEW_ARRAY(struct row, 6); /* = struct row [6] */
	struct square *square = from->get(from, sizeof(*square)); /* = struct square */
	struct pool *pool = zalloc(sizeof(*pool)); /* = struct pool */
	point *points = NULL;

	node->data = from->get(from, sizeof(struct worker)); /* = struct worker */
	points = xrealloc(points, 3 * sizeof(*points)); /* = point [3] */
	points = xrealloc(points, 900 * sizeof(*points)); /* = point [900] */
	*(struct paper *)pool->room = (struct paper){ 1, NULL };
	use(points);
	use(node);
	use(circle);
	use(rows);
	use(square);
	use(pool);
}

/* Into an argument. */
static NOINLINE void take_paper(struct paper *paper)
{
	use(paper);
}

static NOINLINE void take_any(void *any)
{
	use(any);
}

static NOINLINE void arguments(void)
{
	take_paper(malloc(sizeof(struct paper))); /* = struct paper */
	take_any(malloc(sizeof(struct tray))); /* = struct tray */
	take_any((struct node *)malloc(sizeof(struct node))); /* = struct node */
}

/* A tree whose function calls itself. */
static NOINLINE struct node *tree(int depth)
{
	struct node *node = malloc(sizeof(*node)); /* = struct node */

	node->left = depth ? tree(depth - 1) : NULL;
	node->right = depth ? tree(depth - 1) : NULL;
	return node;
}

/* The same size, other types, in branches and one after the other. */
static NOINLINE void *either(int which)
{
	if (which) {
		struct paper *paper = malloc(sizeof(*paper)); /* = struct paper */

		paper->pages = which;
		return paper;
	}
	struct shape *shape = malloc(sizeof(*shape)); /* = struct shape */

	shape->kind = which;
	return shape;
}

static NOINLINE void reused(void)
{
	void *block = malloc(sizeof(struct paper)); /* = struct paper */
	struct paper *paper = block;

	paper->pages = seed;
	use(paper);
	block = malloc(sizeof(struct circle)); /* = struct circle */
	struct circle *circle = block;

	circle->base.kind = 1;
	use(circle);
}

static NOINLINE void grown(struct tray *tray)
{
	tray->n = 40;
	tray->papers = realloc(tray->papers, tray->n * sizeof(*tray->papers)); /* = struct paper *[40] */
	tray->label = realloc(tray->label, 200); /* = char [200] */
	use(tray);
}

/* Sizes that two pointers tell, and that are computed before a branch. */
static NOINLINE int is_empty(const struct view *view)
{
	return view->first == view->behind;
}

static NOINLINE void ranges(struct view *view)
{
	size_t n = view->behind - view->first;
	struct row *rows = malloc(n * sizeof(*rows)); /* = struct row [5] */
	struct circle *circles = malloc(n * sizeof(*circles)); /* = struct circle [5] */

	use(circles);
	memcpy(rows, view->first, n * sizeof(*rows));
	view->first = rows;
	view->behind = rows + n;
}

static NOINLINE void branched(struct view *view)
{
	size_t n = view->behind - view->first;
	struct row *rows;

	if (is_empty(view))
		return;
	rows = malloc((n + 2) * sizeof(*rows)); /* = struct row [7] */
	if (!rows)
		abort();
	memcpy(rows + 1, view->first, n * sizeof(*rows));
	view->first = rows;
}

/* Into a union, whose pointers have one place. */
static NOINLINE void unions(struct any *any, const char *what, size_t n)
{
	char *text = malloc(strlen(what) + 1); /* = char [4] */

	use(text);
	memcpy(text, what, strlen(what) + 1);
	any->u.text.bytes = text;
	any = any->more;
	any->u.list.rows = malloc(n * sizeof(struct row)); /* = struct row [5] */
	use(any);
}

/* At the end of a list, and deeper in what is there. */
static NOINLINE void nested(struct worker *worker, struct paper **end, int i)
{
	while (*end)
		end = &(*end)->next;
	*end = calloc(1, sizeof(**end)); /* = struct paper */
	worker->tray.last = malloc(sizeof(struct paper)); /* = struct paper */
	worker->tray.papers = calloc(5, sizeof(struct paper *)); /* = struct paper *[5] */
	worker->tray.papers[i] = malloc(sizeof(struct paper)); /* = struct paper */
	use(worker);
}

int main(void)
{
	static struct row five[5];
	struct view view = { five, five + 5 };
	struct paper *list = NULL;
	struct any *any;
	struct allocator from = { get, 0 };
	struct worker *worker;
	struct tray *tray = tray_new();

	variables();
	data();
	members(tray);
	globals();
	out(&worker);
	tray->last->next = paper_new();
	use(opaque_new());
	circle_new()->kind = 3;
	use(square_new());
	use(shape_of(seed > 3));
	use(shape_of(seed > 2));
	longer("some words");
	wrapped(&from);
	arguments();
	use(tree(3));
	use(either(seed > 3));
	use(either(seed > 2));
	reused();
	grown(tray);
	the_view = &view;
	ranges(the_view);
	branched(the_view);
	any = calloc(1, sizeof(*any)); /* = struct any */
	any->more = calloc(1, sizeof(*any)); /* = struct any */
	unions(any, "abc", seed + 2);
	nested(worker, &list, seed);
	return 0;
}
