/*
 * A workload of allocation alone: builds a binary tree of depth 19 and keeps
 * it, then builds, counts and frees twenty of depth 15 to 18, recursively.
 */
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE static __attribute__((noinline))

struct node {
	struct node *left, *right;
};

static struct node *keep;

NOINLINE struct node *build(int depth)
{
	struct node *node = malloc(sizeof *node);

	if (!node)
		abort();
	node->left = depth ? build(depth - 1) : NULL;
	node->right = depth ? build(depth - 1) : NULL;
	return node;
}

NOINLINE long count(const struct node *node)
{
	return node->left ? 1 + count(node->left) + count(node->right) : 1;
}

NOINLINE void drop(struct node *node)
{
	if (node->left) {
		drop(node->left);
		drop(node->right);
	}
	free(node);
}

int main(void)
{
	struct node *tree;
	long nodes = 0;
	int i;

	keep = build(19);
	for (i = 0; i < 20; i++) {
		tree = build(15 + i % 4);
		nodes += count(tree);
		drop(tree);
	}
	printf("%ld\n", nodes + count(keep));
	return 0;
}
