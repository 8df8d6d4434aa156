/* Structures in C of which nobody knows whether their pointers are counted: a
 * document whose nodes know their parent, a list linked both ways, and a
 * struct with a count. */
#include "victim.h"

struct node {
	struct node *child[3], *parent;
};

struct item {
	struct item *next, *prev;
	long number;
};

struct note;

struct frame {
	struct note *note;
	int refs;
	char payload[40];
};

struct note {
	struct frame *frame;
	long kind;
};

static NOINLINE struct node *node_new(struct node *parent)
{
	struct node *node = calloc(1, sizeof(*node));

	node->parent = parent;
	return node;
}

static NOINLINE void make_tree(void)
{
	struct node *document = node_new(NULL);
	int k;

	for (k = 0; k < 3; k++)
		document->child[k] = node_new(document);
}

static NOINLINE struct item *item_add(struct item *last)
{
	struct item *item = calloc(1, sizeof(*item));

	item->prev = last;
	last->next = item;
	return item;
}

static NOINLINE void make_list(void)
{
	struct item *item = calloc(1, sizeof(*item));
	int k;

	for (k = 0; k < 3; k++)
		item = item_add(item);
}

static NOINLINE void make_frame(void)
{
	struct frame *frame = calloc(1, sizeof(*frame));

	frame->refs = 1;
	frame->note = calloc(1, sizeof(*frame->note));
	frame->note->frame = frame;
	frame->note->kind = 700;
	USE(frame);
}

int main(void)
{
	say("expect cycle count=3 bytes=384 members=4 parts=0 cause=unknown "
	    "title=node_⇄_node cut=parent "
	    "function=node_new,make_tree");
	say("expect cycle count=3 bytes=288 members=4 parts=0 cause=unknown "
	    "cut=prev head=make_list function=item_add,make_list");
	say("expect cycle count=3 bytes=216 members=2 parts=0 cause=cycle "
	    "cut=frame title=frame_⇄_note function=make_frame");
	TIMES(3)
	{
		away(make_tree);
		away(make_list);
		away(make_frame);
	}
	return 0;
}
