/*
 * One shape of leak, with how many instances of it there are, and what of one
 * of them is shown.
 */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stdint.h>

#define FINDING_MEMBERS_MAX 100
#define FINDING_KEPT_MAX 100

enum finding_kind { FINDING_CYCLE, FINDING_LOST, FINDING_EXCESS };
enum finding_confidence {
	CONFIDENCE_CERTAIN, /* no word outside the finding points at it, or
			       counts prove a member dead */
	CONFIDENCE_LIKELY, /* unreached, but another finding holds it, or memory
			      that might hold it could not be read (child.c) */
	CONFIDENCE_SUSPECT, /* a suspect word reaches it */
};
enum cut_reason {
	CUT_NONE,
	CUT_BACK,     /* a field with a back pointer's name */
	CUT_CLOSED,   /* the link that closed the cycle */
	CUT_EPOCH,    /* from a later scan epoch to an earlier one */
	CUT_SMALLEST, /* leaves the smallest remaining component */
};

struct finding {
	uint64_t id;
	enum finding_kind kind;
	enum finding_confidence confidence; /* the best of its instances */
	bool dead;	/* counts prove an instance dead, whatever reaches it */
	bool nested;	/* every instance is held by another finding */
	bool left;	/* an interpreter that has ended left it behind */
	bool final;	/* no later scan can tell of it */
	bool pending;	/* a runtime's collector will free it: no alarm */
	bool undecided; /* only types tell whether it is dead: a suspect */
	uint64_t count; /* instances; never 0 */
	uint64_t blocks, bytes;	  /* of the members of all instances */
	uint64_t retained_bytes;  /* kept besides the members, ... */
	uint64_t retained_blocks; /* ... over all instances, each block once */
	uint64_t outer;		  /* instances that no finding holds, ... */
	uint64_t outer_bytes;	  /* members and retained, of the instances
				     that no finding holds */
	uint32_t members_total;	  /* members of the instance that is shown */
	uint32_t members_n;	  /* the first of them, in cycle order, ... */
	uint32_t *members;	  /* ... at most FINDING_MEMBERS_MAX nodes */
	uint32_t kept_n; /* when it is no cycle: blocks that the head leads to,
			    the nearest first; ... */
	uint32_t *kept;	 /* ... at most FINDING_KEPT_MAX nodes */
	uint32_t *in;	 /* of members, then of kept: how many words of
			    unreached blocks lead there */
	uint32_t cut_from,
		cut_to; /* nodes of the sample. NODE_NONE when the finding is no
			   cycle, or is one block that links to itself by a word
			   that was not found */
	enum cut_reason cut_reason;
	uint32_t nested_n;
	uint64_t *inner; /* ids of the findings nested in it, ascending */
};

/* Whether it counts, for exit codes and the like. */
static inline bool finding_is_alarm(const struct finding *finding)
{
	return finding->confidence != CONFIDENCE_SUSPECT && !finding->pending;
}

/* How many nodes it shows: its members, then what its head keeps. */
static inline uint32_t finding_shown(const struct finding *finding)
{
	return finding->members_n + finding->kept_n;
}

static inline uint32_t finding_node(const struct finding *finding, uint32_t i)
{
	return i < finding->members_n ? finding->members[i]
				      : finding->kept[i - finding->members_n];
}

#endif
