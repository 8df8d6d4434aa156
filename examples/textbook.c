/*
 * The example that Python's books explain its garbage collector with, in C:
 *
 *	n1 = Node(); n2 = Node()
 *	n1.ref = n2; n2.ref = n1
 *	del n1, n2
 *
 * Each node still holds the other: their counts stay at one for ever. Two
 * macros, where the counting is done, are all that Gordian needs.
 *
 * cc -g -O1 -I../src textbook.c -o textbook
 * gordian run ./textbook
 */
#include <gordian.h>
#include <stdlib.h>

struct node {
	int refs;
	struct node *ref;
};

static struct node *node_get(struct node *node)
{
	GORDIAN_REF(node);
	node->refs++;
	return node;
}

static void node_put(struct node *node)
{
	if (!node)
		return;
	GORDIAN_UNREF(node);
	if (--node->refs)
		return;
	node_put(node->ref);
	free(node);
}

static struct node *node_new(void)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node)
		abort();
	node->refs = 1;
	return node;
}

int main(void)
{
	struct node *n1 = node_new(), *n2 = node_new();

	n1->ref = node_get(n2);
	n2->ref = node_get(n1);
	node_put(n1);
	node_put(n2);
	return 0;
}
