/* Objects that hold each other through a plain block, an array that realloc
 * moves with its links. The registry's pointer is no proof of life: the links
 * hold every count. */
#include "macro.h"

struct node {
	int refs;
	int n;
	struct obj **kids;
};

static struct node *volatile registry;

static NOINLINE struct obj **array_grow(struct node *node, int n)
{
	return need(realloc(node->kids, n * sizeof(*node->kids)));
}

static NOINLINE struct node *node_new(void)
{
	struct node *node = CALLOC(sizeof(*node));

	GORDIAN_OBJECT(node, "node");
	node->refs = 1;
	return node;
}

static NOINLINE void add(struct node *node)
{
	struct obj *kid = obj_new("kid");

	node->kids = array_grow(node, node->n + 1);
	node->kids[node->n] = kid;
	GORDIAN_LINK(node, kids[node->n], kid);
	GORDIAN_REF(node);
	node->refs++;
	kid->parent = (struct obj *)node;
	GORDIAN_LINK(kid, parent, node);
	node->n++;
}

static NOINLINE void make(void)
{
	struct node *node = node_new();

	for (volatile int i = 0; i < 90; i++)
		add(node);
	/* Now the array moves, if it did not before. */
	node->kids = array_grow(node, 5000);
	memset(node->kids + 90, 0, 4910 * sizeof(*node->kids));
	GORDIAN_UNREF(node);
	node->refs--;
	registry = node;
}

int main(void)
{
	say("expect cycle count=1 members=92 bytes=42896 type=node,kid "
	    "function=array_grow cut=parent confidence=certain "
	    "retained_blocks=0");
	say("warning none");
	away(make);
	return 0;
}
