/*
 * See site_pointee.h.
 */
#include "model/type.h"
#include "debug/entry.h"
#include "site/site_pointee.h"

#define DEPTH_MAX 16	/* records in records */
#define LOOKED_MAX 4096 /* fields: a limit for damaged files */

struct search {
	struct pointees found;
	int looked;
};

struct place {
	const struct type *type;
	uint64_t offset;
	bool in_array; /* only elements of arrays count */
	int depth;
};

static void pointer_add(struct search *search, const struct type *target)
{
	struct pointees *found = &search->found;
	size_t i;

	if (!target)
		found->has_void = true;
	for (i = 0; i < found->n; i++)
		if (found->types[i] == target)
			return;
	if (target && found->n < POINTEES_MAX)
		found->types[found->n++] = target;
}

static void look(struct search *search, struct place place);

static void fields_look(struct search *search, const struct place *place)
{
	size_t i;

	for (i = 0; i < place->type->fields_n; i++) {
		const struct type_field *field = &place->type->fields[i];
		uint64_t inside = place->offset - field->offset;
		const struct type *type = field->type;

		if (field->offset > place->offset ||
		    ++search->looked > LOOKED_MAX)
			break;
		if (!type || field->is_variant ||
		    (inside >= type->size &&
		     (type->kind != TYPE_ARRAY || type->size)))
			continue;
		look(search, (struct place){type, inside, place->in_array,
					    place->depth + 1});
	}
}

static void look(struct search *search, struct place place)
{
	const struct type *element;

	if (place.depth == DEPTH_MAX)
		return;
	switch (place.type->kind) {
	case TYPE_POINTER:
		if (!place.offset && !place.in_array)
			pointer_add(search, type_target(place.type));
		break;
	case TYPE_ARRAY:
		element = type_target(place.type);
		if (element && element->size)
			look(search,
			     (struct place){element,
					    place.offset % element->size, false,
					    place.depth + 1});
		break;
	case TYPE_RECORD:
		fields_look(search, &place);
		break;
	default:
		break;
	}
}

struct pointees pointees_at(const struct type *type, uint64_t offset,
			    bool in_array)
{
	struct search search = {.looked = 0};

	if (type)
		look(&search, (struct place){type, offset, in_array, 0});
	return search.found;
}

const struct type *pointee_at(const struct type *type, uint64_t offset,
			      bool in_array)
{
	struct pointees found = pointees_at(type, offset, in_array);

	return found.n == 1 && !found.has_void ? found.types[0] : NULL;
}
