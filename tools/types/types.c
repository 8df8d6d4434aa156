/*
 * See types.h. First what names its own type, then what that leads to; then the
 * fields, when all types are known.
 */
#include <stdio.h>
#include <string.h>

#include "common/progress.h"
#include "model/model.h"
#include "model/type.h"
#include "symbols/place.h"
#include "types/counted.h"
#include "types/edges.h"
#include "debug/entry.h"
#include "types/field.h"
#include "types/shape.h"
#include "site/site.h"
#include "site/site_answer.h"
#include "site/site_derived.h"
#include "types/spread.h"
#include "types/types.h"

/* The class of a mangled type name, "N3app4ClubE"; or NULL. */
static const char *rtti_name(struct report *report, const char *rtti)
{
	static const char prefix[] = "typeinfo name for ";
	char mangled[4096];
	const char *plain;

	if (snprintf(mangled, sizeof(mangled), "_ZTS%s", rtti) >=
	    (int)sizeof(mangled))
		return NULL;
	plain = name_demangle(report, mangled);
	return strncmp(plain, prefix, sizeof(prefix) - 1)
		       ? NULL
		       : plain + sizeof(prefix) - 1;
}

/* What the block itself tells. */
static void member_name(struct report *report, struct member *member)
{
	const char *name =
		member->rtti ? rtti_name(report, member->rtti) : NULL;

	if (member->type_from == TYPE_FROM_VTABLE)
		shape_named(report, member, name ? name : member->type,
			    TYPE_FROM_VTABLE);
	else if (member->type && !member->runtime)
		shape_declared(report, member);
	else if (name)
		shape_named(report, member, name, TYPE_FROM_VTABLE);
}

/* Its vtable may be that of its first field, or of several in a row. */
static bool may_be_first(const struct member *member)
{
	return member->type_from == TYPE_FROM_VTABLE && member->shape &&
	       !member->shape_at;
}

/* Whether the block is a record that begins with what its vtable names. */
static bool is_around(const struct site *site, const struct member *member)
{
	const struct type *first = member->shape;

	if (first->kind == TYPE_ARRAY && type_target(first))
		first = type_target(first);
	return !site->at && site->type->kind == TYPE_RECORD &&
	       site->type->size == member->size &&
	       type_begins(site->type, first);
}

/* What the functions that made the block do with it. */
static void member_site(struct edges *edges, size_t i)
{
	struct member *member = &edges->finding->members[i];
	bool is_first = may_be_first(member);
	struct site site;

	if (((!member->type && !member->shape) || is_first) &&
	    site_find(edges->report, member->stack, member->size, &site) &&
	    (!is_first || is_around(&site, member)) &&
	    edges_fit(edges, i, site.type, site.at))
		shape_set(member, site.type, site.at, site.from, site.is_sure);
}

void finding_types(struct report *report, struct finding *finding)
{
	struct edges edges;
	size_t i;

	edges_list(&edges, report, finding);
	for (i = 0; i < edges.members_n; i++) {
		member_name(report, &finding->members[i]);
		member_site(&edges, i);
	}
	types_spread(&edges);
	fields_find(&edges);
	for (i = 0; i < edges.members_n; i++)
		count_field_find(report, &finding->members[i]);
	edges_free(&edges);
}

void types_find(struct report *report)
{
	struct finding *finding;

	progress_begin("looking up types", HASH_COUNT(report->findings),
		       "findings");
	for (finding = report->findings; finding; finding = finding->hh.next) {
		finding_types(report, finding);
		progress_step();
	}
	progress_end();
}
