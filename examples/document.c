/*
 * A document tree whose elements hold their children, and also, by mistake,
 * their parent: with a counted reference, so that no part of a document is
 * ever freed. An index by name still points at each, so nothing here is out of
 * reach; the links prove all the same that nobody holds a count from outside.
 *
 * The cut is named: element.parent. To see it mended, build with -DMENDED.
 *
 * cc -g -O1 -I../src document.c -o document
 * gordian run ./document
 */
#include <gordian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHILDREN 4

struct element {
	int refs;
	char name[12];
	struct element *parent;
	struct element *children[CHILDREN];
};

/* Finds elements by name; is told when one goes, and holds none. */
static struct element *by_name[16];
static int names;

static struct element *element_new(const char *name)
{
	struct element *element = calloc(1, sizeof(*element));

	if (!element)
		abort();
	GORDIAN_OBJECT(element, "element");
	snprintf(element->name, sizeof(element->name), "%s", name);
	element->refs = 1;
	by_name[names++] = element;
	return element;
}

static void element_put(struct element *element)
{
	int i;

	GORDIAN_UNREF(element);
	if (--element->refs)
		return;
	for (i = 0; i < CHILDREN; i++)
		if (element->children[i])
			element_put(element->children[i]);
	for (i = 0; i < names; i++)
		if (by_name[i] == element)
			by_name[i] = NULL;
	free(element);
}

/* The reference to child is handed over to parent. */
static void element_add(struct element *parent, int i, struct element *child)
{
	parent->children[i] = child;
	GORDIAN_LINK(parent, children[i], child);
	child->parent = parent;
#ifndef MENDED
	GORDIAN_REF(parent);
	parent->refs++;
	GORDIAN_LINK(child, parent, parent);
#endif
}

int main(void)
{
	struct element *document = element_new("html");
	struct element *body = element_new("body");

	element_add(document, 0, element_new("head"));
	element_add(document, 1, body);
	element_add(body, 0, element_new("p"));
	element_add(body, 1, element_new("p"));
	printf("%d elements, the first is %s\n", names, by_name[0]->name);
	element_put(document);
	return 0;
}
