/*
 * A report in memory: what reader.c makes of one or several files, to which
 * symbols/ adds names and which the renderers print. All of it is in the
 * report's own obstack (but for the hash tables' insides) and goes with
 * report_free().
 */
#ifndef MODEL_H
#define MODEL_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <uthash.h>

struct growing;
struct history;
struct host;
struct large;
struct nest;
struct relative;
struct scan;
struct symbols;
struct trigger;
struct type;

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

/* Strings are UTF-8. A byte of a path or argument that is not part of any
 * UTF-8 character is kept as the private character U+EF00 + byte; path_bytes()
 * gives the bytes back, text_clean() replaces it with U+FFFD. */

/* What somebody missed of a module. */
enum lack { LACKS_NOTHING, LACKS_TYPES, LACKS_LINES, LACKS_NAMES };

struct module {
	const char *key; /* path and build-id */
	const char *path;
	const char *build_id;	 /* hex, or "" */
	struct symbols *symbols; /* while names are looked up, or NULL */
	bool is_executable;	 /* it is one of the programs */
	bool is_missing;	 /* no file has its names */
	bool is_python;		 /* no file: its frames are Python code */
	enum lack lacks;	 /* see render/hints.h */
	UT_hash_handle hh;
};

struct symbol {
	const char *function, *file; /* or NULL */
	int line, column;	     /* or 0 */
	const char *home; /* the file in which the function is, or NULL */
	int first_line;	  /* where it begins there, or 0 */
	bool inlined;	  /* inlined into the next one */
};

/* What is at an address: one function or, where others were inlined, several,
 * innermost first. */
struct place {
	uint64_t address;
	size_t n; /* at least 1 */
	struct symbol *symbols;
	UT_hash_handle hh;
};

struct frame {
	struct module *module; /* NULL: outside any module */
	uint64_t address;      /* ELF virtual address in the module */
	/* Never NULL. Says nothing before names are looked up. */
	const struct place *place;
	bool is_jump; /* a call that ends its function, made a jump */
};

struct stack {
	size_t n;
	struct frame *frames; /* innermost first */
	bool has_tails;	      /* see symbols/tails.h */
};

/* How a type is known. */
enum type_from {
	TYPE_FROM_NOTHING, /* it is not */
	TYPE_FROM_MACRO,
	TYPE_FROM_RUNTIME,
	TYPE_FROM_VTABLE,
	TYPE_FROM_TEMPLATE, /* arguments of the function that allocates */
	TYPE_FROM_DEBUG,    /* what the result of the allocation goes to */
	TYPE_FROM_EDGE,	    /* a typed field points at its start */
	TYPE_FROM_PART,	    /* its owner says so */
};

/* A word of a block that leads into a module. */
struct pointer_out {
	uint64_t offset;
	struct frame to;
};

struct member {
	uint64_t size;
	const char *address;
	struct stack *stack; /* never NULL; may be empty */
	/* As declared, or, once the report is explained, as found. */
	const char *type;	  /* or NULL */
	const struct type *shape; /* the same from debug information, or NULL */
	uint64_t shape_at; /* where that begins: behind what a shared_ptr counts
			      with, or the length of an array */
	enum type_from type_from;
	bool type_sure;
	const char *runtime;	 /* "c++", "rust", ... or NULL */
	const char *count_field; /* the field that evidently is its count, or
				    NULL */
	uint64_t field_count;	 /* what stands in that, or 0 */
	bool is_inside; /* its type is an inside of a library: a node, a control
			   block */
	long part_of;	/* the object of which it is a part, a member; or -1 */
	bool is_told_part;     /* its runtime told so */
	bool undecided;	       /* the finding is: references to it decide */
	const char *finalizer; /* or NULL */
	bool has_vtable, has_count;
	struct frame vtable;
	int64_t count; /* of references */
	size_t resources_n;
	const char **resources;
	const char *rtti; /* the mangled name of its C++ class, or NULL */
	/* How many words of unreached blocks lead to it; where 32-bit words
	 * are that are from 1 to that number. */
	uint64_t in_degree;
	size_t counts_n;
	const uint64_t *counts;	      /* offsets, ascending */
	const uint64_t *count_values; /* what stands there, or 0 */
	/* In the order of offsets; the first is the vtable if there is one. */
	size_t points_n;
	const struct pointer_out *points;
	/* When its stack was first seen: a smaller one was seen earlier. 0:
	 * unknown. */
	uint64_t since;
	uint64_t epoch; /* scans that began before it was made */
};

/* What an edge does for what it leads to. */
enum ownership { OWN_UNKNOWN, OWN_COUNTED, OWN_UNIQUE, OWN_WEAK, OWN_BORROWED };

struct edge {
	size_t from, to;
	int64_t offset;
	uint64_t into; /* how far into the target it leads; 0: to its beginning,
			  or, of an interior one, not known */
	const char *kind;
	/* The path in the source from the start of the block, "cell[2].peer";
	 * or NULL. Of an edge that leads through parts, the whole path. */
	const char *field;
	const struct type *pointee; /* what the field's type leads to, or NULL
				     */
	enum ownership ownership;
	/* What its user calls the smart pointer or container, "std::weak_ptr",
	 * "rc::Rc"; NULL: there is none, or it is not known. */
	const char *smart;
	size_t via_n; /* the parts through which it leads, in order */
	const size_t *via;
	struct stack *stack; /* of its link, or NULL */
	bool is_plain; /* a plain pointer of C++, which may own or not; or one
			  of which nothing is known that may be such */
	bool is_pair;  /* the two words of a shared_ptr, as their shape tells */
	bool is_link;  /* its runtime counts it */
	bool is_given; /* the program's last link, or the cut that the library
			  proposed */
};

/* A thread: the main one, or one that runs a function. */
struct thread {
	bool is_main;
	const struct frame *frame; /* NULL: the main one */
	const struct symbol *symbol;
};

/* References that were taken and not given back. */
struct acquire {
	size_t member;
	uint64_t count;
	struct stack *stack; /* never NULL; may be empty */
};

enum cause { CAUSE_UNKNOWN, CAUSE_CYCLE, CAUSE_UNRELEASED };
enum kind { KIND_CYCLE, KIND_LOST, KIND_EXCESS_REF };
enum confidence { CERTAIN, LIKELY, SUSPECT };

struct sums {
	uint64_t count, bytes, retained_bytes, retained_blocks;
	/* Members and retained of the instances that no other finding holds.
	 * Inexact when a report does not tell. */
	uint64_t outer_bytes;
	uint64_t outer; /* those instances */
	bool outer_unknown;
	uint64_t blocks; /* members of all instances; 0: not told */
};

/* What the scans of one program say of a finding. */
struct sighting {
	const struct program *program;
	const struct scan *before; /* the scan that was read before the last one
				      that has it */
	uint64_t scan;		   /* the last scan that has it */
	struct sums sums;
	enum confidence confidence;
	bool dead;    /* counts prove it, whatever reaches it */
	bool pending; /* the runtime's collector frees it when it next runs */
	bool final;   /* later scans do not tell of it */
};

/* A program that has a finding. */
struct witness {
	const struct program *program;
	uint64_t count; /* its instances there */
	struct witness *next;
};

/* The same, of several programs. */
struct past {
	struct witness *witnesses;
	size_t n; /* programs */
	struct sums sums;
	enum confidence confidence; /* the best */
	bool pending;		    /* in all of them */
};

struct finding {
	const char *id;
	enum kind kind;
	enum confidence confidence;
	struct sums
		sums; /* of the programs that have it; of all when none has */
	size_t program, sampled; /* the last program; the one of the sample */
	uint64_t first_scan, last_scan; /* in the sample's program */
	struct sighting sighting;	/* in the last program */
	struct history *history;	/* likewise; or NULL */
	struct past has, had; /* of the programs before: at their end they
				 still have it, or no longer */
	const struct witness *witnesses; /* see witness.h */
	bool gone;			 /* no program still has it */
	bool came_back; /* ... although a scan took it for unreached */
	bool pending;	/* the runtime's collector is about to free it */
	size_t members_total, members_n, edges_n, acquires_n, nested_n;
	size_t nested_room;
	unsigned turn; /* for nested.c */
	/* Of what is no cycle: blocks that the head leads to, the nearest
	 * first. They stand after the members, and edges from or to them after
	 * those among members. */
	size_t kept_n, kept_edges_n;
	struct member *members;
	struct edge *edges;
	struct acquire *acquires;
	int64_t references; /* known references to the first member, or -1 */
	const char **nested;
	long cut; /* an edge, or -1 */
	const char *cut_reason;
	const char *cut_advice; /* one sentence, or NULL */
	const char *held_by;	/* of a suspect, or NULL */
	const char *because;	/* why no collector frees it, or NULL */
	/* What the explanation adds (meaning/). The members are objects in the
	 * order of the ring, then parts; the edges join objects; the words are
	 * all edges of the sample, by the same indices of members. */
	size_t objects_n, words_n;
	struct edge *words;
	size_t ring_n; /* edges of one ring that holds the cut, in order */
	const size_t *ring;
	const char *title;
	enum cause cause;
	size_t head;	    /* a member */
	const char *origin; /* "program", or a library's name */
	size_t threads_n;   /* in which its members were made, where known */
	struct thread *threads;
	bool is_nested;	    /* listed in another finding's nested */
	bool is_suppressed; /* it is about to be taken out */
	size_t holders;	    /* how many findings that are left hold it */
	/* How many there were at the last scan that somebody asked for; at the
	 * one before. Of a report that is_part. */
	uint64_t asked, earlier;
	/* How many the baseline has; whether it would be an alarm otherwise. */
	uint64_t baseline;
	bool is_known;
	bool undecided; /* see meaning/undecided.h */
	bool is_live;	/* it was that, and is no finding */
	bool was_cycle; /* before it was explained: no ring of it owns */
	const struct finding *met; /* for meaning/lost.c */
	size_t rank; /* see render/order.h: from 1; 0: it is not there */
	/* See meaning/fold.h: the finding that stands for this one; the next of
	 * those for which one stands; where it is listed last. */
	struct finding *meant, *next_piece, *listed_in;
	UT_hash_handle hh, hh_raw;
};

#define NO_SCAN UINT64_MAX

struct program {
	int64_t pid;
	size_t argc;
	const char **argv;
	const char *exe;   /* or NULL */
	struct host *host; /* where it ran, or NULL: see hosts.h */
	uint64_t run;	   /* a hash of the run that it belongs to */
	bool has_exit;
	int64_t exit;
	/* For account.c: it was made by fork; its last line is here; it
	 * executed another program. The scan before either, 0 or NO_SCAN. */
	bool forked, ended, executed;
	bool aside; /* the user did not want it looked at */
	uint64_t end_scan;
	const char *last_trigger; /* of its last scan, or NULL */
	const char *missing;	  /* why there can be no last scan, or NULL */
	uint64_t scans; /* the number of its last scan that is here whole */
	/* Of the scan that is being read: its number, its findings so far. */
	uint64_t scan, findings;
	struct program *next;
};

struct text {
	const char *text;
	struct stack *stack; /* where it happened, or NULL */
	struct text *next;
};

struct report {
	struct obstack memory;
	size_t programs_n;
	struct program *programs, *program; /* all; the last */
	struct scan *scans, *last_scan;
	struct trigger *triggers; /* hash by name */
	/* What is not known, filled by report_finish(): see account.c. */
	struct text *unknown, **unknown_end;
	int64_t run_pid; /* PROGRAM, when all reports are here, */
	int run_exit;	 /* and its status */
	bool is_part;	 /* the process goes on */
	bool goes_on;	 /* not all is known of processes that still run */
	uint64_t asked, since; /* those scans, or 0 */
	bool has_threads; /* some finding was made in another thread than the
			     main one */
	bool has_aside, has_seen; /* programs that were not, were looked at */
	/* Whether the user does not want a program looked at; or NULL. */
	bool (*leaves_out)(const char *path, const void *data);
	const void *leaves_out_data;
	struct relative *relatives; /* hash by run and pid */
	struct host *hosts;	    /* hash by name */
	uint64_t uncounted;
	uint64_t unscanned; /* forked children that were not scanned, by rule */
	uint64_t told;	    /* lines of findings and warnings */
	uint64_t lines_hash;	     /* of all lines that were read, in order */
	uint64_t suppressed;	     /* alarms that were taken out, */
	uint64_t growing_suppressed; /* and places */
	struct nest *nests;	     /* see nested.c */
	struct large *large;	     /* see memory.c */
	bool at_end; /* the library has told its warnings that say so */
	struct text *warnings, **warnings_end;
	struct finding *findings; /* hash by id; order: report_finish() */
	struct growing *growing;  /* see growing.h */
	struct module *modules;	  /* hash by path and build-id */
	/* what to complain of after the report */
	struct text *damages, **damages_end;
};

static inline bool edge_is_weak(const struct edge *edge)
{
	return edge->kind[0] == 'w';
}

static inline bool edge_is_cut(const struct finding *finding,
			       const struct edge *edge)
{
	return finding->cut >= 0 && edge == &finding->edges[finding->cut];
}

static inline bool finding_is_alarm(const struct finding *finding)
{
	return finding->confidence != SUSPECT && !finding->gone &&
	       !finding->pending && !finding->is_known;
}

/* Whether its end is news: a suspect's is none, nor is what was foretold. */
static inline bool finding_tells(const struct finding *finding)
{
	return finding->confidence != SUSPECT && !finding->pending;
}

/* Whether it is shown whole: an alarm, or pending. */
static inline bool finding_is_shown(const struct finding *finding)
{
	return finding->confidence != SUSPECT && !finding->gone &&
	       !finding->is_known;
}

#endif
