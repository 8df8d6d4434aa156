/* The rest of site-made.c: a type of which that file knows the name alone. */
#include <stdlib.h>

struct opaque {
	int kind;
	void *data;
	struct opaque *peer;
	double numbers[3];
};

struct opaque *opaque_new(int kind);

struct opaque *opaque_new(int kind)
{
	struct opaque *opaque = calloc(1, sizeof(*opaque)); /* = opaque */

	if (opaque)
		opaque->kind = kind;
	return opaque;
}
