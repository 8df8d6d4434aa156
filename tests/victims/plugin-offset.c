/* Loaded by offset-words, by the name of the library that does the same: what a
 * pattern keeps is found by how far it lies from the pattern. */
#include "victim.h"

struct pattern {
	int n, room;
	intptr_t elements;
};

struct set {
	int refs, n;
	intptr_t leaves;
};

NOINLINE struct pattern *pattern_new(void)
{
	struct pattern *p = calloc(1, sizeof *p);
	void **elements = malloc(320);

	memset(elements, 0, 320);
	elements[1] = strdup("of the elements");
	USE(elements);
	p->n = p->room = 20;
	p->elements = (char *)elements - (char *)p;
	return p;
}

NOINLINE struct set *set_new(void)
{
	struct set *s = calloc(1, sizeof *s);
	intptr_t *leaves = malloc(80);
	int i;

	s->n = 10;
	s->leaves = (char *)leaves - (char *)s;
	for (i = 0; i < 10; i++)
		leaves[i] = (char *)MALLOC(40) - (char *)leaves;
	USE(leaves);
	return s;
}
