/*
 * A path from a root to a block: the answer to `gordian why`.
 */
#ifndef PATH_H
#define PATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum held {
	HELD_BY_ROOT,
	HELD_BY_DECREE, /* the first block is live without a root */
	HELD_BY_SUSPECT,
	HELD_BY_NOTHING,
	HELD_UNKNOWN, /* something holds it that has no path */
	HELD_NO_BLOCK,
};

extern const char *const held_words[]; /* by enum held */

enum root_kind {
	ROOT_VARIABLE,
	ROOT_STACK,
	ROOT_REGISTER,
	ROOT_THREAD, /* thread-local storage */
	ROOT_MEMORY,
	ROOT_NONE,
};

/* The word that is no part of a block. */
struct root {
	enum root_kind kind;
	const char *address;   /* or NULL */
	struct frame place;    /* of a variable; module NULL: unknown */
	uint64_t into;	       /* how far into its block the word leads */
	uint64_t thread;       /* from 1, or 0 */
	struct stack function; /* of a stack's word; or empty */
	const char *variable;  /* its name, once explained, or NULL */
	uint64_t inside;       /* how far into the variable the word is */
};

/* Steps that repeat themselves. */
struct fold {
	size_t at, period;
	uint64_t times;
	bool mixed; /* they were not all allocated by one stack */
};

struct path {
	const char *address; /* that was asked about, or NULL */
	const char *block;   /* or NULL */
	uint64_t size;	     /* of the block */
	enum held held;
	const char *finding; /* that it is a member of, as the report has its
				id; or NULL */
	bool is_kept;	     /* it is no member, but kept by it */
	const char *decree;  /* why, or NULL */
	struct root root;
	/* A member for each step. An edge leads to each but the first and the
	 * one behind steps that are left out. Once explained, a variable that
	 * has a type may stand first: then is_rooted. */
	struct finding steps;
	bool is_rooted;
	size_t folds_n;
	struct fold *folds; /* in order; they do not overlap */
	uint64_t length, omitted;
	size_t omitted_at; /* steps are left out before that one */
};

/* The record of type "path". In the report's memory. */
struct path *path_take(struct report *report, const json_t *record);
/* The edge that leads to that member, or NULL. */
const struct edge *path_edge(const struct path *path, size_t member);
/* Whether the member belongs to the one before it: a buffer, a node. Once
 * explained. */
bool path_is_part(const struct path *path, size_t member);
/* The fold that begins at that member, or NULL. */
const struct fold *path_fold(const struct path *path, size_t member);

#endif
