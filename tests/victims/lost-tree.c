/* A lost tree: its root is the finding, the rest is retained. Built by
 * recursion, which must not hide the root's stack. */
#include "victim.h"

struct node {
	struct node *left, *right;
	int payload;
};

static NOINLINE struct node *grow(int depth)
{
	struct node *node = CALLOC(sizeof(*node));

	if (depth > 1) {
		node->left = grow(depth - 1);
		node->right = grow(depth - 1);
	}
	return node;
}

static NOINLINE void make(void)
{
	USE(grow(14));
}

int main(void)
{
	int rest = (1 << 14) - 2;

	say("expect lost count=1 bytes=24 retained_bytes=%d retained_blocks=%d "
	    "members=1 edges= nested=0 function=grow,make,away",
	    rest * 24, rest);
	say("total findings=1 bytes=24");
	away(make);
	return 0;
}
