/* A program whose allocations have their types beside them, for
 * tests/unit/site:
 * "=" a type: that is what must be found; nothing behind it: nothing may be
 * found; "~" a type: that or nothing. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APART __attribute__((noinline))

struct node {
	struct node *next;
	long numbers[5];
};

typedef struct {
	int x, y, z;
} point;

struct base {
	long refs;
	struct base *up;
};

struct derived {
	struct base base;
	char name[24];
};

/* As large as what it begins with. */
struct same {
	struct base base;
};

struct holder {
	struct node *node;
	point *points;
	struct base *base;
	void *any;
	char *text;
	struct derived *four[4];
	struct base **list;
};

struct deep {
	struct holder holder;
	struct node *tail;
};

struct flexible {
	size_t n;
	struct node *items[];
};

struct key {
	struct key *next;
	unsigned length;
};

union value {
	struct base base;
	double real;
	char text[40];
};

struct header {
	size_t size, magic;
};

struct opaque;
struct opaque *opaque_new(int kind);

struct node *one_node, *nodes[8];
point *one_point;
static struct derived *one_derived;
struct holder one_holder;

static APART void use(const void *block)
{
	__asm__ volatile("" ::"r"(block) : "memory");
}

static APART void *xmalloc(size_t size)
{
	void *block = malloc(size);

	if (!block) {
		fprintf(stderr, "no memory\n");
		abort();
	}
	return block;
}

static APART void *xcalloc(size_t n, size_t size)
{
	void *block = calloc(n, size);

	if (!block)
		abort();
	return block;
}

static APART void *xrealloc(void *old, size_t size)
{
	void *block = realloc(old, size);

	if (!block && size)
		abort();
	return block;
}

static APART void *twice_wrapped(size_t size)
{
	return xmalloc(size);
}

static APART void *cleared(size_t size)
{
	void *block = twice_wrapped(size);

	memset(block, 0, size);
	return block;
}

static APART int allocate(void **out, size_t size)
{
	void *block = malloc(size);

	if (!block)
		return -1;
	*out = block;
	return 0;
}

static APART int node_make(struct node **out)
{
	*out = malloc(sizeof(**out));
	return *out ? 0 : -1;
}

static APART void *with_header(size_t size)
{
	struct header *header = malloc(sizeof(*header) + size);

	header->size = size;
	return header + 1;
}

/* The char * says nothing of what the caller wants. */
static APART void *of_pool(size_t size)
{
	char *memory = malloc(size);

	memory[0] = 1;
	return memory;
}

static APART char *buffer_new(size_t size)
{
	char *buffer = malloc(size);

	buffer[0] = 0;
	return buffer;
}

static APART struct base *base_init(struct base *base)
{
	base->refs = 1;
	base->up = base;
	return base;
}

static APART struct base *derived_new(const char *name)
{
	struct derived *derived = xmalloc(sizeof(*derived)); /* = derived */

	base_init(&derived->base);
	strncpy(derived->name, name, sizeof(derived->name) - 1);
	return &derived->base;
}

static APART struct base *same_new(void)
{
	struct same *same = xmalloc(sizeof(*same)); /* = same */

	return base_init(&same->base);
}

static APART void *copy(const void *from, size_t size)
{
	return memcpy(xmalloc(size), from, size);
}

static APART void members(struct holder *holder)
{
	holder->node = malloc(sizeof(struct node)); /* = node */
	holder->points = calloc(7, sizeof(point));  /* = point[7] */
	holder->base = derived_new("x");
	holder->four[2] = xmalloc(sizeof(struct derived)); /* = derived */
	holder->any = xmalloc(48);			   /* = */
	holder->text = malloc(13);			   /* = char[13] */
}

static APART void members_of_members(struct deep *deep, int i)
{
	struct holder *holder = &deep->holder;

	holder->list = malloc(6 * sizeof(struct base *));  /* = base *[6] */
	holder->list[i] = xmalloc(sizeof(struct base));	   /* = base */
	deep->tail = xcalloc(1, sizeof(*deep->tail));	   /* = node */
	holder->four[i] = cleared(sizeof(struct derived)); /* = derived */
}

static APART void globals(void)
{
	int i;

	one_node = malloc(sizeof(*one_node));		/* = node */
	one_point = xmalloc(sizeof(*one_point));	/* = point */
	one_derived = calloc(1, sizeof(*one_derived));	/* = derived */
	one_holder.node = cleared(sizeof(struct node)); /* ~ node */
	for (i = 0; i < 8; i++)
		nodes[i] = twice_wrapped(sizeof(struct node)); /* ~ node */
	use(one_node);
	use(one_point);
	use(one_derived);
}

static APART void arrays(size_t n)
{
	struct node **list = malloc(n * sizeof(*list)); /* = node *[5] */
	struct node *row = calloc(n, sizeof(*row));	/* = node[5] */
	point *points = malloc(n * sizeof(*points));	/* = point[5] */
	int *numbers = malloc(n * sizeof(*numbers));	/* = int[5] */
	double *reals = xmalloc(n * sizeof(*reals));	/* = double[5] */
	void **any = malloc(n * sizeof(*any));		/* = void *[5] */

	use(list);
	use(row);
	use(points);
	use(numbers);
	use(reals);
	use(any);
	numbers = xrealloc(numbers, 2 * n * sizeof(int)); /* = int[10] */
	use(numbers);
}

static APART void longer(size_t n)
{
	size_t items = n * sizeof(struct node *);
	struct flexible *flexible =
		malloc(sizeof(*flexible) + items);	 /* = flexible */
	struct key *key = xmalloc(sizeof(*key) + n + 1); /* = key */
	char *text = malloc(n + 30);			 /* = char[35] */
	union value *value = malloc(sizeof(*value));	 /* = value */

	flexible->n = n;
	key->length = (unsigned)n;
	text[0] = 0;
	value->real = 0;
	use(flexible);
	use(key);
	use(text);
	use(value);
}

static APART void outs(void)
{
	struct derived *derived;
	struct node *node;
	point *aligned;

	if (allocate((void **)&node, sizeof(*node))) /* = node */
		return;
	use(node);
	if (allocate((void **)&derived, sizeof(*derived))) /* = derived */
		return;
	use(derived);
	if (posix_memalign((void **)&aligned, 64, 12)) /* ~ point */
		return;
	use(aligned);
	if (node_make(&node)) /* = node */
		return;
	use(node);
	if (posix_memalign(&one_holder.any, 64, 640)) /* = */
		return;
}

static APART void texts(void)
{
	char *text = strdup("hello"); /* = char[6] */

	use(text);
	use(strndup("abcdef", 3)); /* = char[4] */
	use(buffer_new(33));	   /* = char[33] */
}

static APART void behind(void)
{
	struct node *node = with_header(sizeof(*node));	     /* = node@16 */
	struct derived *derived = of_pool(sizeof(*derived)); /* = derived */
	struct node source = {0};
	struct node *copied = copy(&source, sizeof(source)); /* = node */
	struct base *base = malloc(sizeof(union value));     /* = */
	void *any = malloc(100);			     /* = */

	node->next = node;
	derived->base.refs = base->refs = 1;
	use(node);
	use(derived);
	use(copied);
	use(base);
	use(any);
	use(of_pool(72)); /* = */
	use(malloc(72));  /* = */
	use(same_new());
}

static inline struct node *inlined(long number)
{
	struct node *node = xmalloc(sizeof(*node)); /* = node */

	node->numbers[0] = number;
	return node;
}

static APART struct node *chain(int n)
{
	struct node *head = NULL;

	while (n--) {
		struct node *node = inlined(n);

		node->next = head;
		head = node;
	}
	return head;
}

static APART struct node *either(int which)
{
	struct node *node;

	if (which)
		node = calloc(1, sizeof(*node)); /* ~ node */
	else
		node = xmalloc(sizeof(*node)); /* ~ node */
	if (!node)
		return NULL;
	node->numbers[1] = which;
	return node;
}

/* Where the call is a jump, the caller has the only frame. */
static APART struct node *tail(void)
{
	return calloc(1, sizeof(struct node)); /* ~ node */
}

int main(int argc, char **argv)
{
	struct holder holder = {0};
	struct deep deep = {0};
	struct node *node;

	(void)argv;
	members(&holder);
	members_of_members(&deep, argc);
	globals();
	arrays((size_t)argc + 4);
	longer((size_t)argc + 4);
	outs();
	texts();
	behind();
	use(opaque_new(3));
	use(chain(3));
	use(either(argc));
	use(either(argc - 1));
	node = tail(); /* ~ node */
	use(node);
	use(&holder);
	use(&deep);
	return 0;
}
