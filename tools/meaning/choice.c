/*
 * See choice.h. Each rule leaves the best of the candidates by its measure. One
 * that tells some of them apart gives the reason. doc/design/meaning.md has the
 * order of rules.
 */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "meaning/blocks.h"
#include "meaning/choice.h"
#include "meaning/rings.h"
#include "model/model.h"

/* What is left without an edge costs a look at all edges. */
#define REST_STEPS (1u << 16)

struct choice {
	struct blocks *blocks;
	struct finding *finding;
	struct rings rings;
	size_t *edges; /* that are left */
	size_t n;
	size_t *like;	 /* of a member: how many have its stack */
	size_t *between; /* the first edge from a member to another, + 1 */
	const char *why; /* NULL: nothing told any apart so far */
};

typedef int64_t worth_fn(struct choice *choice, size_t edge);

static bool is_back_word(const char *word, size_t n)
{
	static const char *const names[] = {"parent",	"owner",    "back",
					    "prev",	"delegate", "self",
					    "container"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == n && !strncasecmp(word, names[i], n))
			return true;
	return false;
}

/* Whether a part of the name is that of a back pointer: "tray.owner_",
 * "m_pParent", "parentItem". */
static bool is_back_name(const char *name)
{
	size_t i = 0, start;

	while (name[i]) {
		start = i;
		if (isupper((unsigned char)name[i]))
			i++;
		while (islower((unsigned char)name[i]))
			i++;
		if (is_back_word(name + start, i - start))
			return true;
		i += i == start;
	}
	return false;
}

static int64_t back_worth(struct choice *choice, size_t e)
{
	const char *field = choice->finding->edges[e].field;

	return field && is_back_name(field);
}

/* The library knows when links were made. */
static int64_t link_worth(struct choice *choice, size_t e)
{
	const struct edge *edge = &choice->finding->edges[e];

	return edge->is_given && edge->stack;
}

/* A call took a reference to where it leads, after that was made. */
static int64_t taken_worth(struct choice *choice, size_t e)
{
	const struct finding *finding = choice->finding;
	size_t to = finding->edges[e].to, i;

	for (i = 0; i < finding->acquires_n; i++)
		if (finding->acquires[i].member == to)
			return 1;
	return 0;
}

static int64_t given_worth(struct choice *choice, size_t e)
{
	return choice->finding->edges[e].is_given;
}

/* The members come in the order of a ring that the library drew. */
static int64_t back_step_worth(struct choice *choice, size_t e)
{
	const struct edge *edge = &choice->finding->edges[e];

	return edge->from > edge->to;
}

static void firsts_find(struct choice *choice)
{
	size_t n = choice->blocks->n, e;

	choice->between = blocks_take(choice->blocks, n * n, sizeof(size_t));
	for (e = choice->finding->edges_n; e--;) {
		const struct edge *edge = &choice->finding->edges[e];

		choice->between[edge->from * n + edge->to] = e + 1;
	}
}

/* Of several that lead back to one object alike: from the one to which it leads
 * first. */
static int64_t first_worth(struct choice *choice, size_t e)
{
	const struct edge *edge = &choice->finding->edges[e];
	size_t n = choice->blocks->n, first;

	if (!choice->between)
		firsts_find(choice);
	first = choice->between[edge->to * n + edge->from];
	return first ? -(int64_t)first : INT64_MIN;
}

static int64_t direct_worth(struct choice *choice, size_t e)
{
	return !choice->finding->edges[e].via_n;
}

static int64_t many_worth(struct choice *choice, size_t e)
{
	const struct edge *edge = &choice->finding->edges[e];

	return (int64_t)choice->like[edge->from] -
	       (int64_t)choice->like[edge->to];
}

/* To what was made earliest, from what was made later. */
static int64_t later_worth(struct choice *choice, size_t e)
{
	const struct edge *edge = &choice->finding->edges[e];
	const struct member *from = block_member(choice->blocks, edge->from);
	const struct member *to = block_member(choice->blocks, edge->to);

	if (!to->since || from->since <= to->since)
		return INT64_MIN;
	return -(int64_t)to->since;
}

/* The fewer are left in one component without it, the better. */
static int64_t rest_worth(struct choice *choice, size_t e)
{
	size_t i, most = 0;

	rings_without(&choice->rings, e);
	for (i = 0; i < choice->rings.n; i++)
		if (choice->rings.size[choice->rings.component[i]] > most)
			most = choice->rings.size[choice->rings.component[i]];
	return -(int64_t)most;
}

/* Keeps the candidates of the greatest worth. */
static void choice_narrow(struct choice *choice, worth_fn *worth,
			  const char *why)
{
	int64_t best = INT64_MIN, now;
	size_t k, n = 0, all = choice->n;

	if (all < 2)
		return;
	for (k = 0; k < all; k++) {
		now = worth(choice, choice->edges[k]);
		if (now < best)
			continue;
		if (now > best)
			n = 0;
		best = now;
		choice->edges[n++] = choice->edges[k];
	}
	choice->n = n;
	if (n < all && !choice->why)
		choice->why = why;
}

static void likes_count(struct choice *choice)
{
	struct blocks *blocks = choice->blocks;
	size_t i, k;

	choice->like = blocks_take(blocks, blocks->n, sizeof(size_t));
	for (i = 0; i < blocks->n; i++)
		for (k = 0; k < blocks->n; k++)
			choice->like[i] += block_member(blocks, i)->stack ==
					   block_member(blocks, k)->stack;
}

/* From an object of one runtime to one of another, which it stands for. */
static bool is_wrapping(const struct finding *finding, const struct edge *edge)
{
	const char *from = finding->members[edge->from].runtime;
	const char *to = finding->members[edge->to].runtime;

	return from && to && strcmp(from, to) &&
	       (!strcmp(from, "python") || !strcmp(to, "python"));
}

/* How willingly a reference is made weak: one that is counted rather than one
 * of which that is not known, and one that owns alone only where there is no
 * other. */
static int willingness(const struct finding *finding, const struct edge *edge)
{
	if (is_wrapping(finding, edge))
		return 0;
	return edge->ownership == OWN_COUNTED  ? 2
	       : edge->ownership == OWN_UNIQUE ? 0
					       : 1;
}

/* Takes the edges of rings that can be made weak; returns how many edges the
 * rings have. */
static size_t rings_take(struct choice *choice)
{
	const struct finding *finding = choice->finding;
	size_t e, all = 0;
	int best = 0, now;

	for (e = 0; e < finding->edges_n; e++) {
		if (!rings_have(&choice->rings, e))
			continue;
		all++;
		now = willingness(finding, &finding->edges[e]);
		if (now < best)
			continue;
		if (now > best)
			choice->n = 0;
		best = now;
		choice->edges[choice->n++] = e;
	}
	return all;
}

/* Of a large cycle the members that are shown may have no ring: then what the
 * library proposed is all that is known. */
static void given_take(struct choice *choice)
{
	size_t e;

	for (e = 0; e < choice->finding->edges_n; e++)
		if (choice->finding->edges[e].is_given)
			choice->edges[choice->n++] = e;
}

static bool edge_is_seen(const struct edge *edge)
{
	return edge->is_link && edge_may_own(edge);
}

/* Whether a collector that is on does not free it, and no type says why: then C
 * code keeps a reference of the ring. */
static bool is_kept_unseen(const struct finding *finding)
{
	size_t i;

	if (finding->pending || finding->because)
		return false;
	for (i = 0; i < finding->members_n; i++)
		if (finding->members[i].runtime &&
		    !strcmp(finding->members[i].runtime, "python"))
			return true;
	return false;
}

/* The collector would have freed a ring of references that it sees: those of
 * such rings are left out. */
static void seen_drop(struct choice *choice)
{
	struct rings seen;
	size_t k, n = 0;

	rings_open(&seen, choice->blocks, edge_is_seen);
	for (k = 0; k < choice->n; k++)
		if (!rings_have(&seen, choice->edges[k]))
			choice->edges[n++] = choice->edges[k];
	choice->n = n;
}

static void unseen_take(struct choice *choice)
{
	if (!is_kept_unseen(choice->finding))
		return;
	rings_open(&choice->rings, choice->blocks, edge_may_own);
	rings_take(choice);
	seen_drop(choice);
}

static void candidates_take(struct choice *choice)
{
	edge_fn *const uses[] = {edge_owns, edge_may_own, edge_may_refer};
	size_t i = choice->finding->cause != CAUSE_CYCLE, all = 0;

	unseen_take(choice);
	for (; i < 3 && !choice->n; i++) {
		rings_open(&choice->rings, choice->blocks, uses[i]);
		all = rings_take(choice);
	}
	if (choice->n == 1 && all > 1)
		choice->why = "the other references of the ring cannot be weak";
	if (!choice->n)
		given_take(choice);
}

static size_t choose(struct choice *choice)
{
	const char *why;

	candidates_take(choice);
	likes_count(choice);
	choice_narrow(choice, back_worth, "its name is that of a back pointer");
	choice_narrow(choice, link_worth, "the link that closed the cycle");
	choice_narrow(choice, taken_worth,
		      "its reference was taken by the call below");
	choice_narrow(choice, direct_worth,
		      "it is a field of the object itself; the others are in "
		      "containers");
	choice_narrow(choice, many_worth, "it leads from many blocks to few");
	choice_narrow(choice, later_worth,
		      "it leads back from a block made later to one made "
		      "earlier");
	if (choice->n * choice->finding->edges_n <= REST_STEPS)
		choice_narrow(choice, rest_worth,
			      "no other reference breaks as much of the cycle");
	if (choice->rings.n)
		rings_without(&choice->rings, NOBODY);
	why = choice->why;
	choice_narrow(choice, first_worth, NULL);
	choice_narrow(choice, given_worth, NULL);
	choice_narrow(choice, back_step_worth, NULL);
	choice->why = why;
	return choice->n ? choice->edges[0] : NOBODY;
}

/* The object to which the cut leads. Where the cause is unknown, the one whose
 * release is missing if what may own does not: of those that nothing is known
 * to own, the one that was made first. */
static size_t cycle_head(struct blocks *blocks, size_t cut)
{
	const struct finding *finding = blocks->finding;
	bool *owned = blocks_take(blocks, blocks->n, sizeof(bool));
	size_t head = finding->edges[cut].to, i, e;
	uint64_t since;

	if (finding->cause != CAUSE_UNKNOWN)
		return head;
	for (e = 0; e < finding->edges_n; e++)
		owned[finding->edges[e].to] |= edge_owns(&finding->edges[e]);
	for (i = 0; i < blocks->n; i++) {
		since = block_member(blocks, i)->since;
		if (owned[i] || block_is_part(blocks, i))
			continue;
		if (owned[head] ||
		    (since && since < block_member(blocks, head)->since))
			head = i;
	}
	return head;
}

void cut_find(struct blocks *blocks)
{
	struct finding *finding = blocks->finding;
	struct choice choice = {.blocks = blocks, .finding = finding};
	size_t cut;

	finding->cut = -1;
	if (finding->kind != KIND_CYCLE)
		return;
	choice.edges = blocks_take(blocks, finding->edges_n, sizeof(size_t));
	cut = choose(&choice);
	if (cut == NOBODY)
		return;
	finding->cut = (long)cut;
	finding->ring_n = rings_shortest(&choice.rings, cut, &finding->ring);
	finding->cut_reason = choice.why ? choice.why
			      : finding->ring_n == 1
				      ? "no other reference keeps it"
				      : "each reference of the ring would do";
	finding->head = cycle_head(blocks, cut);
}
