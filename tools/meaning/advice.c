/*
 * See advice.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "meaning/advice.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/type.h"

#define CLEARED_IN_TIME " before the last outside reference is released"

/* The cut with its two ends. */
struct advice {
	struct report *report;
	const struct finding *finding;
	const struct edge *edge;
	const struct member *block, *target; /* where the word is; the object */
	enum language language;
	const char *place;   /* "app::Member::club" */
	const char *pointee; /* as the field has it: a base class; or NULL */
	const char *target_name; /* "app::Club" */
	bool is_named;		 /* the place is a field */
	bool is_element;	 /* one of many in the place's container */
};

static bool is_runtime(const struct member *member, const char *name)
{
	return member->runtime && !strcmp(member->runtime, name);
}

static enum language language_of(const struct advice *advice)
{
	const struct member *block = advice->block;
	const char *smart = advice->edge->smart;

	if (block->shape && block->shape->language)
		return block->shape->language;
	if (is_runtime(block, "rust") ||
	    (smart &&
	     (!strncmp(smart, "rc::", 4) || !strncmp(smart, "sync::", 6))))
		return LANGUAGE_RUST;
	if (smart || block->rtti || block->type_from == TYPE_FROM_VTABLE ||
	    is_runtime(block, "c++"))
		return LANGUAGE_CXX;
	return LANGUAGE_UNKNOWN;
}

/* The field as the block that has it names it: "d->child" is the private half's
 * "child"; "kids[2]" is one of "kids". */
static const char *field_name(struct advice *advice)
{
	const char *field = advice->edge->field, *end;
	const char *arrow = field ? strrchr(field, '>') : NULL;

	if (!field || !*field)
		return NULL;
	if (arrow && arrow > field && arrow[-1] == '-' && advice->block->type)
		field = arrow + 1;
	end = field + strlen(field);
	if (end > field && end[-1] == ']' && strrchr(field, '[')) {
		advice->is_element = true;
		end = strrchr(field, '[');
	}
	return report_copy(advice->report, field, (size_t)(end - field));
}

static const char *type_name(struct report *report, const struct member *member)
{
	if (member->type)
		return member->type;
	return text_print(report, "%llu-byte block",
			  (unsigned long long)member->size);
}

/* A field, or, where it has no name, where it is. */
static void place_name(struct advice *advice)
{
	const struct edge *edge = advice->edge;
	const struct member *owner = &advice->finding->members[edge->from];
	const char *field = field_name(advice);
	const char *joint = advice->language == LANGUAGE_CXX ? "::" : ".";

	if (field && advice->block->type && strstr(edge->field, "->") &&
	    !strstr(field, "->"))
		owner = advice->block;
	advice->is_named = field;
	if (field && !*field && owner->type) /* an element of an array */
		advice->place = owner->type;
	else if (field && owner->type)
		advice->place = text_print(advice->report, "%s%s%s",
					   owner->type, joint, field);
	else if (field)
		advice->place =
			text_print(advice->report, "%s of the %s", field,
				   type_name(advice->report, owner));
	else
		advice->place =
			text_print(advice->report, "offset %lld of the %s",
				   (long long)edge->offset,
				   type_name(advice->report, owner));
}

static const char *weak_pointer(const char *smart)
{
	static const struct {
		const char *strong, *weak;
	} names[] = {
		{"boost::shared_ptr", "boost::weak_ptr"},
		{"QSharedPointer", "QWeakPointer"},
		{"std::shared_ptr", "std::weak_ptr"},
	};
	size_t i;

	for (i = 0; smart && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(smart, names[i].strong))
			return names[i].weak;
	return NULL;
}

/* What it has are captured variables, no fields. */
static bool is_closure(const struct member *member)
{
	return member->type && !strncmp(member->type, "lambda", 6);
}

/* What std::bind() makes has no fields that its user knows. */
static bool is_bound(const struct member *member)
{
	return member->type && !strncmp(member->type, "std::_Bind", 10);
}

/* The owner's field that leads to it, without what is inside of containers. */
static const char *bound_place(const struct advice *advice)
{
	const char *field = advice->edge->field;
	const struct member *owner =
		&advice->finding->members[advice->edge->from];

	if (!field || !owner->type)
		return type_name(advice->report, owner);
	return text_print(advice->report, "%s::%.*s", owner->type,
			  (int)strcspn(field, "["), field);
}

/* "std::weak_ptr<app::Club>" */
static const char *pointer_type(const struct advice *advice, const char *weak)
{
	if (!advice->pointee)
		return weak;
	return text_print(advice->report, "%s<%s>", weak, advice->pointee);
}

static const char *weak_advise(const struct advice *advice, const char *weak)
{
	const char *type = pointer_type(advice, weak);

	if (is_closure(advice->block) && advice->is_named)
		return text_print(advice->report, "let the %s capture a %s",
				  advice->block->type, type);
	if (is_bound(advice->block))
		return text_print(advice->report,
				  "let the std::bind() in %s bind a %s",
				  bound_place(advice), type);
	if (advice->is_element || (!advice->is_named && advice->edge->via_n))
		return text_print(advice->report,
				  advice->is_named
					  ? "let %s hold %s"
					  : "let the block behind %s hold %s",
				  advice->place, type);
	return text_print(advice->report,
			  advice->is_named ? "make %s a %s"
					   : "make the pointer at %s a %s",
			  advice->place, type);
}

static const char *cxx_advise(const struct advice *advice)
{
	const struct edge *edge = advice->edge;
	const char *weak = weak_pointer(edge->smart);

	if (!edge->smart && edge->is_pair)
		weak = "std::weak_ptr";
	if (weak)
		return weak_advise(advice, weak);
	if (edge->smart && advice->is_named)
		return text_print(advice->report,
				  "make %s a plain %s *, or clear "
				  "it" CLEARED_IN_TIME,
				  advice->place, advice->target_name);
	return NULL;
}

static const char *rust_advise(const struct advice *advice)
{
	const char *smart = advice->edge->smart;
	bool arc = smart && strstr(smart, "Arc");

	if (!smart)
		return NULL;
	return text_print(advice->report, "%s and call upgrade()",
			  weak_advise(advice, arc ? "sync::Weak" : "rc::Weak"));
}

/* What the interpreter makes by itself has no field that a program sets. */
static const char *python_advise(const struct advice *advice)
{
	const char *type = advice->block->type ? advice->block->type : "";

	if (strstr(type, "_descriptor") || !strcmp(advice->target_name, "type"))
		return "call gc.collect(): a class holds itself, and only the "
		       "collector frees it";
	if (!strcmp(type, "cell"))
		return text_print(advice->report,
				  "let the function use a weakref.ref to its "
				  "%s, not the %s itself",
				  advice->target_name, advice->target_name);
	if (!strcmp(type, "method"))
		return text_print(advice->report,
				  "keep a weakref.WeakMethod in place of the "
				  "method of %s",
				  advice->target_name);
	return text_print(advice->report, "make %s a weakref.ref",
			  advice->place);
}

/* Where the runtime or the macros have words of their own. */
static const char *runtime_advise(const struct advice *advice)
{
	const char *field = advice->edge->field;

	if (is_runtime(advice->target, "python"))
		return python_advise(advice);
	if (is_runtime(advice->target, "gobject") && advice->block->type &&
	    !strcmp(advice->block->type, "GClosure"))
		return text_print(advice->report,
				  "connect by g_signal_connect_object(), or "
				  "give the handler no reference to its %s",
				  advice->target_name);
	if (is_runtime(advice->target, "gobject"))
		return text_print(advice->report,
				  "hold %s by g_object_weak_ref(), or let go "
				  "of it with g_clear_object() in dispose",
				  advice->place);
	if (advice->edge->stack && field)
		return text_print(advice->report,
				  "set %s without taking a reference and say "
				  "GORDIAN_WEAK(owner, %s), or clear "
				  "it" CLEARED_IN_TIME,
				  advice->place, field);
	return NULL;
}

static const char *counted_advise(const struct advice *advice)
{
	if (advice->edge->ownership == OWN_UNIQUE)
		return text_print(advice->report, "clear %s" CLEARED_IN_TIME,
				  advice->place);
	if (!advice->is_named)
		return text_print(advice->report,
				  "set the pointer at %s without taking a "
				  "reference, or clear it" CLEARED_IN_TIME,
				  advice->place);
	return text_print(advice->report,
			  "set %s without taking a reference, or "
			  "clear it" CLEARED_IN_TIME,
			  advice->place);
}

const char *cut_advise(struct report *report, const struct finding *finding)
{
	struct advice advice = {.report = report, .finding = finding};
	const struct edge *edge;
	const char *text = NULL;

	if (finding->cut < 0)
		return NULL;
	edge = advice.edge = &finding->edges[finding->cut];
	advice.block =
		&finding->members[edge->via_n ? edge->via[edge->via_n - 1]
					      : edge->from];
	advice.target = &finding->members[edge->to];
	advice.language = language_of(&advice);
	advice.target_name = type_name(report, advice.target);
	advice.pointee = edge->pointee && edge->pointee->name
				 ? edge->pointee->name
				 : advice.target->type;
	place_name(&advice);
	text = runtime_advise(&advice);
	if (!text && edge->ownership == OWN_COUNTED)
		text = advice.language == LANGUAGE_RUST ? rust_advise(&advice)
							: cxx_advise(&advice);
	return text ? text : counted_advise(&advice);
}
