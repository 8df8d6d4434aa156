/*
 * See places.h. A table with open places: most words that are asked for lead to
 * no block of the sample.
 */
#include <string.h>
#include "evidence/evidence.h"
#include "evidence/places.h"
#include "graph/finding.h"
#include "graph/graph.h"

static uint32_t first_place(uint32_t node)
{
	return node * 0x9e3779b1u % EVIDENCE_PLACES;
}

void places_fill(const struct finding *finding, struct evidence_places *out)
{
	uint32_t i;

	memset(out->node, 0xff, sizeof out->node); /* NODE_NONE */
	for (i = 0; i < finding_shown(finding); i++) {
		uint32_t node = finding_node(finding, i);
		uint32_t at = first_place(node);

		while (out->node[at] != NODE_NONE)
			at = (at + 1) % EVIDENCE_PLACES;
		out->node[at] = node;
		out->index[at] = i;
	}
}

int32_t places_find(const struct evidence_places *places, uint32_t node)
{
	uint32_t at = first_place(node);

	if (node == NODE_NONE)
		return -1;
	for (; places->node[at] != NODE_NONE; at = (at + 1) % EVIDENCE_PLACES)
		if (places->node[at] == node)
			return places->index[at];
	return -1;
}
