/* As site-made.c: ways that a block takes through memory, through functions,
 * and out of pools. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define APART __attribute__((noinline))

struct entry {
	struct entry *next, *prev;
	void *block;
	size_t bytes;
};

struct leaf {
	struct leaf *next;
	long numbers[4];
};

struct bucket {
	struct leaf *first, *last;
};

struct table {
	size_t n;
	struct bucket *buckets;
	struct leaf **leaves;
};

struct count {
	int refs;
};

/* It begins with a count, and ends in an array. */
struct vector {
	struct count count;
	int used;
	struct bucket items[];
};

/* Text that grows behind what it has at first. */
struct text {
	int n, room;
	char first[64];
};

struct part {
	struct part *next;
	long number;
};

struct named {
	const char *name;
};

struct name {
	const char *name;
	long more[4];
	struct bucket *values;
};

struct item {
	const char *name;
	long number;
	char kind;
};

struct items {
	struct item *first, *behind;
};

/* Of one address, several types. */
struct any {
	int kind;
	union {
		struct leaf leaf;
		struct {
			long n;
			struct item *items;
		} list;
		struct {
			double real;
			void *data;
		} other;
		struct {
			long n;
			char *bytes;
		} text;
		struct {
			long n;
			int *numbers;
		} numbers;
		struct {
			long n;
			struct bucket *buckets;
		} buckets;
		struct {
			long n;
			struct part *parts; /* as large as a bucket */
		} parts;
	} u;
};

static struct entry *head, *last;
static char *pool;
static size_t left;
static void *volatile kept;

static void keep(void *block)
{
	kept = block;
}

/* Notes each block, and reads it back. */
static APART void *noted(size_t size)
{
	struct entry *entry = malloc(sizeof(*entry)); /* = entry */

	if (!entry)
		return NULL;
	entry->bytes = size;
	entry->block = malloc(size);
	if (!entry->block) {
		free(entry);
		return NULL;
	}
	entry->next = NULL;
	if (head) {
		entry->prev = last;
		last->next = entry;
	} else {
		entry->prev = NULL;
		head = entry;
	}
	last = entry;
	return entry->block;
}

/* Functions that return what they are given. */
static APART void *given(void *block)
{
	__asm__ volatile("" : : : "memory");
	return block;
}

static APART void *checked(void *block)
{
	if (!block)
		abort();
	keep(block);
	return block;
}

/* The size stands before what is returned. */
static APART void *sized(size_t size)
{
	size_t *block = malloc(size + sizeof(size_t));

	if (!block)
		abort();
	*block = size;
	return block + 1;
}

static APART void tables(struct table *table)
{
	table->n = 8;
	table->buckets = sized(8 * sizeof(struct bucket)); /* = bucket[8]@8 */
	table->leaves = sized(8 * sizeof(struct leaf *));  /* = leaf *[8]@8 */
	keep(table->buckets);
}

static APART struct vector *vector_new(size_t n)
{
	struct vector *v;

	v = malloc(sizeof(*v) + n * sizeof(struct bucket)); /* = vector */
	if (!v)
		abort();
	keep(&v->count);
	v->count.refs = 1;
	v->used = 0;
	return v;
}

static APART struct text *text_grow(struct text *text)
{
	size_t room = (size_t)text->room * 2;

	text = realloc(text, offsetof(struct text, first) + room); /* = text */
	if (!text)
		abort();
	text->room = (int)room;
	return text;
}

/* Cuts small blocks from a large one. */
static APART void *cut(size_t size)
{
	if (left < size) {
		pool = malloc(2048); /* ~ char[2048] */
		if (!pool)
			abort();
		left = 2048;
	}
	left -= size;
	return pool + left;
}

static APART struct part *part_new(long number)
{
	struct part *part = cut(sizeof(*part));

	part->number = number;
	part->next = NULL;
	return part;
}

/* Found as what it begins with. */
static APART struct named *find(struct named **list, const char *name)
{
	while (strcmp((*list)->name, name))
		list++;
	return *list;
}

static APART void values(struct named **list, long n)
{
	struct name *name = (struct name *)find(list, "x");

	name->values =
		malloc((size_t)n * sizeof(*name->values)); /* ~ bucket[3] */
	keep(name->values);
}

static APART int four(struct table *table, size_t n)
{
	struct leaf **leaves = malloc(n * sizeof(*leaves)); /* = leaf *[5] */
	struct bucket *buckets;

	buckets = malloc(n * sizeof(*buckets)); /* = bucket[5] */
	if (!leaves || !buckets) {
		free(buckets);
		free(leaves);
		return -1;
	}
	table->leaves = leaves;
	table->buckets = buckets;
	return 0;
}

static APART int is_empty(const struct items *items)
{
	return items->first == items->behind;
}

/* How many there are is told by two pointers. */
static APART void more(struct items *items)
{
	size_t n = (size_t)(items->behind - items->first);
	struct item *list;

	if (is_empty(items))
		return;
	list = malloc((n + 2) * sizeof(*list)); /* = item[5] */
	if (!list)
		abort();
	memcpy(list + 1, items->first, n * sizeof(*list));
	items->first = list;
	items->behind = list + n + 2;
}

static APART struct bucket *buckets_of(const struct items *items)
{
	size_t n = (size_t)(items->behind - items->first);
	struct bucket *list = noted(n * sizeof(*list)); /* = bucket[5] */

	keep(list);
	return list;
}

static APART void any_grow(struct any *any, size_t n)
{
	void *old = any->u.list.items;

	while (n < 6)
		n += 3;
	n *= sizeof(struct item);
	any->u.list.items = realloc(old, n); /* = item[6] */
	keep(any->u.list.items);
}

/* Either may be right. */
static APART void any_part(struct any *any)
{
	any->u.list.items = malloc(sizeof(struct part)); /* ~ part */
	keep(any->u.list.items);
}

static APART void listed(struct leaf **leaves)
{
	leaves[0] = malloc(sizeof(struct leaf)); /* = leaf */
	leaves[2] = malloc(sizeof(struct leaf)); /* = leaf */
	keep(leaves[2]);
}

static APART void any_name(struct any *any, const char *name)
{
	size_t n = strlen(name) + 1;
	char *bytes = malloc(n); /* = char[4] */

	keep(bytes);
	if (!bytes)
		abort();
	any->u.text.bytes = bytes;
}

int main(int argc, char **argv)
{
	static struct item three[3];
	static struct items three_items = {three, three + 3};
	struct items *volatile items = &three_items;
	static struct any one_any;
	struct any *volatile any = &one_any;
	static struct name name = {.name = "x"};
	struct named *list[] = {(struct named *)&name, NULL};
	struct table table = {0};
	struct text *text = calloc(1, sizeof(*text)); /* = text */
	struct leaf *leaf;

	leaf = noted(sizeof(*leaf)); /* = leaf */
	keep(leaf);
	leaf = given(malloc(sizeof(*leaf))); /* = leaf */
	keep(leaf);
	leaf = checked(malloc(sizeof(*leaf))); /* = leaf */
	keep(leaf);
	tables(&table);
	keep(vector_new((size_t)argc + 4));
	text->room = argc + 63;
	keep(text_grow(text));
	keep(part_new(argc));
	values(list, argc + 2);
	more(items);
	keep(buckets_of(items));
	any_grow(any, (size_t)argc + 2);
	any_part(any);
	listed((struct leaf **)given(calloc(3, sizeof(leaf))));
	any_name(any, argv[0] + strlen(argv[0]) - 3);
	keep(four(&table, (size_t)argc + 4) ? NULL : table.leaves);
	return 0;
}
