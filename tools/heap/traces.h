/*
 * The tree of stacks, outermost frames first, as DevTools read it.
 */
#ifndef TRACES_H
#define TRACES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct graph;

/* What a node of the tree shows. */
struct trace_function {
	uint32_t name, file; /* strings */
	uint32_t line;	     /* or 0 */
};

struct trace {
	uint32_t parent;   /* an earlier node */
	uint32_t function; /* an index */
	uint32_t count, size;
	uint32_t child, next; /* 0: none */
};

/* Node 0 is the root. */
struct traces {
	size_t n, room, functions_n, functions_room;
	struct trace *list;
	struct trace_function *functions;
	struct trace_seen *seen; /* hash */
};

void traces_begin(struct traces *traces, struct graph *graph);
/* The child of parent with that function: made when it is not there. */
uint32_t trace_add(struct traces *traces, uint32_t parent,
		   const struct trace_function *function);
/* ... "trace_function_infos":[…], "trace_tree":[…], */
void traces_print(const struct traces *traces, FILE *out);
void traces_free(struct traces *traces);

#endif
