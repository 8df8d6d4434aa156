/* Types of C, for tests/unit/types.c: fields in fields, arrays, unions, ends
 * that are open, what only another file defines. Nothing runs. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef int counter;
struct kref {
	counter refcount;
};
struct list {
	struct list *next, *prev;
};
typedef struct {
	struct list link;
	struct tree *owner;
} item;
struct paper {
	struct paper *next;
	char name[16];
};
typedef struct paper *paper_pointer;
struct tray {
	int n;
	paper_pointer *papers;
	const struct paper *const slots[2];
};
struct cell {
	int kind;
	struct cell *peer;
};
struct message {
	struct tree *owner;
	size_t n;
	char data[];
};
struct many {
	int n;
	struct cell *items[];
};
struct tree {
	struct kref ref;
	union {
		struct tree *left;
		struct paper *right;
		uintptr_t raw;
	} u;
	struct tray tray;
	struct cell cell[3];
	struct cell grid[2][2];
	union {
		struct {
			struct message *message;
			int x;
		};
		struct many *many;
	};
	item *items;
	void *opaque;
	volatile struct away *away;
	char *title;
	void (*handler)(void);
	unsigned flag : 3, other : 5;
	long count;
};
struct away {
	struct tree *back;
	long pad[3];
};

int main(void)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	tree->items = calloc(2, sizeof(item));
	tree->u.right = calloc(1, sizeof(struct paper));
	tree->message = calloc(1, sizeof(struct message) + 8);
	tree->away = calloc(1, sizeof(struct away));
	tree->many = calloc(1, sizeof(struct many) + sizeof(struct cell *));
	return tree->items[0].owner == tree;
}
