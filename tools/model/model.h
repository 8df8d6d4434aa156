/*
 * A report in memory: what reader.c makes of one or several files, and what
 * the renderers print. All of it lives in the report's own obstack (but for
 * the hash tables' insides) and goes with report_free().
 */
#ifndef MODEL_H
#define MODEL_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#include "cli/tool.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

/* Strings are UTF-8. A byte of a path or argument that is not part of any
 * UTF-8 character is kept as the private character U+EF00 + byte; path_bytes()
 * gives the bytes back, text_clean() replaces it with U+FFFD. */
struct module {
	const char *key; /* path and build-id */
	const char *path;
	const char *build_id;	 /* hex, or "" */
	struct symbols *symbols; /* symbolize.c's; NULL until asked for */
	bool is_executable;	 /* of one of the programs */
	UT_hash_handle hh;
};

struct frame {
	struct module *module; /* NULL: outside any module */
	uint64_t address;      /* ELF virtual address in the module */
};

struct stack {
	size_t n;
	struct frame *frames; /* innermost first */
};

struct member {
	uint64_t size;
	const char *address;
	const struct stack *stack;    /* never NULL; may be empty */
	const char *type, *finalizer; /* declared; or NULL */
	bool has_vtable, has_count;
	struct frame vtable;
	int64_t count; /* of references */
	size_t resources_n;
	const char **resources;
};

struct edge {
	size_t from, to;
	int64_t offset;
	const char *kind;
	const char *field;	   /* or NULL */
	const struct stack *stack; /* of its link, or NULL */
};

/* References that were taken and not given back. */
struct acquire {
	size_t member;
	uint64_t count;
	const struct stack *stack; /* never NULL; may be empty */
};

enum kind { KIND_CYCLE, KIND_LOST, KIND_EXCESS_REF };
enum confidence { CERTAIN, LIKELY, SUSPECT };

struct sums {
	uint64_t count, bytes, retained_bytes, retained_blocks;
	/* Members and retained of the instances that no other finding holds;
	 * inexact where a report does not tell. */
	uint64_t outer_bytes;
	bool outer_unknown;
};

/* What the scans of one program say of a finding. */
struct sighting {
	const struct program *program;
	const struct scan
		*before; /* the scan read before the last that has it */
	uint64_t scan;	 /* the last that has it */
	struct sums sums;
	enum confidence confidence;
	bool dead; /* counts prove it, whatever reaches it */
};

/* The same, of several programs. */
struct past {
	size_t n; /* programs */
	struct sums sums;
	enum confidence confidence; /* the best */
};

struct finding {
	const char *id;
	enum kind kind;
	enum confidence confidence;
	struct sums sums;	 /* of the programs that have it, else of all */
	size_t program, sampled; /* the last one; the one of the sample */
	uint64_t first_scan, last_scan; /* in the sample's program */
	struct sighting sighting;	/* in the last program */
	struct past has, had; /* of the programs before: at their end they
				 still have it, or no longer */
	bool gone;	      /* no program still has it */
	bool came_back;	      /* ... though some scan took it for unreached */
	size_t members_total, members_n, edges_n, acquires_n, nested_n;
	size_t nested_room;
	unsigned turn; /* of what is nested */
	struct member *members;
	struct edge *edges;
	struct acquire *acquires;
	int64_t references; /* to the first member that are known, or -1 */
	const char **nested;
	long cut; /* an edge, or -1 */
	const char *cut_reason;
	const char *held_by; /* of a suspect, or NULL */
	bool is_nested;	     /* listed in another finding's nested */
	bool printed;	     /* for the text renderer */
	UT_hash_handle hh;
};

#define NO_SCAN UINT64_MAX

struct program {
	int64_t pid;
	size_t argc;
	const char **argv;
	const char *exe; /* or NULL */
	bool has_exit;
	int64_t exit;
	/* For account.c: made by fork; its last line is here; it executed
	 * another program; the scan before either, 0 or NO_SCAN. */
	bool forked, ended, executed;
	uint64_t end_scan;
	const char *last_trigger; /* of its last scan, or NULL */
	const char *missing;	  /* why there can be no last scan, or NULL */
	uint64_t scans; /* the number of its last one that is here whole */
	/* Of the scan under way: its number, its findings so far. */
	uint64_t scan, findings;
	struct program *next;
};

/* What the line of a scan says. */
struct figures {
	uint64_t n, blocks, bytes, objects, pause_us, stopped_threads;
	uint64_t peak_child_kb, copied_kb;
	uint64_t stacks, stacks_walked, stacks_unwound; /* since the start */
	uint64_t stacks_checked, stacks_different;
	uint64_t findings; /* lines of the report */
	uint64_t spared;   /* see gone.c */
	double child_cpu_ms, cost_ms;
};

struct scan {
	struct scan *next;
	const struct program *program;
	const char *trigger;	/* or NULL */
	unsigned char packed[]; /* see scan_figures() */
};

struct text {
	const char *text;
	const struct stack *stack; /* where it happened, or NULL */
	struct text *next;
};

struct summary {
	uint64_t findings, cycles, lost, excess_refs, bytes, retained_bytes;
	uint64_t suspects, gone, came_back;
};

struct report {
	struct obstack memory;
	size_t programs_n;
	struct program *programs, *program; /* all; the last */
	struct scan *scans, *last_scan;
	struct trigger *triggers; /* hash by name */
	/* What is not known, filled by report_finish(): see account.c. */
	struct text *unknown, **unknown_end;
	int64_t run_pid;	    /* of PROGRAM, when all reports are here, */
	int run_exit;		    /* and its status */
	bool is_part;		    /* of a process that goes on */
	struct relative *relatives; /* hash by pid */
	uint64_t uncounted;
	uint64_t unscanned;  /* forked children, by rule */
	struct nest *nests;  /* see nested.c */
	struct large *large; /* see memory.c */
	struct text *warnings, **warnings_end;
	struct finding *findings; /* hash by id; order: report_finish() */
	struct module *modules;	  /* hash by path and build-id */
	/* what to complain of after the report */
	struct text *damages, **damages_end;
};

static inline bool edge_is_weak(const struct edge *edge)
{
	return edge->kind[0] == 'w';
}

static inline bool finding_is_alarm(const struct finding *finding)
{
	return finding->confidence != SUSPECT && !finding->gone;
}

/* gone.c: the finding is in one more record of the last program. */
void sighting_add(struct report *report, struct finding *finding,
		  const struct sighting *sighting);
/* After the last record: fills sums, confidence, gone, came_back. */
void sightings_settle(struct report *report);

/* memory.c, source.c, reader.c */
struct report *report_new(void);
void report_free(struct report *report);
/* Adds a file ("-" is standard input). False: nothing of it could be used, and
 * the complaint has been made. Damage further on goes to report->damages. */
bool report_read(struct report *report, const char *path)
	__attribute__((warn_unused_result));
/* The same for an open file, which is closed and which messages call name; with
 * lines of at most so many bytes, and up to the end of scan number until when
 * that is not 0. */
bool report_read_file(struct report *report, int fd, const char *name,
		      size_t most, uint64_t until)
	__attribute__((warn_unused_result));
/* account.c: records of ends and of other processes; what is not known. */
struct json_t;
void end_read(struct report *report, const struct json_t *record);
void exec_read(struct report *report, const struct json_t *record);
void clean_read(struct report *report, const struct json_t *record);
void child_read(struct report *report, const struct json_t *record);
void account_finish(struct report *report);
/* scans.c: what is kept of a scan. */
struct figures scan_figures(const struct scan *scan);
void triggers_free(struct report *report);
void relatives_free(struct report *report);
void nests_free(struct report *report);
/* After the last file: sorts, links nested findings. */
void report_finish(struct report *report);
void report_warn(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct summary report_summary(const struct report *report);
/* The record of a line, or NULL; to be released with json_decref(). */
struct json_t;
struct json_t *line_parse(const char *line, size_t n);
bool line_is_program(const struct json_t *record);

/* text.c: malloc'd strings. */
char *text_clean(const char *text);
/* For eyes: what is no printable character is a question mark. */
char *text_shown(const char *text, bool utf8);
char *text_from_bytes(const char *bytes, size_t n);
char *path_bytes(const char *text);

/* symbolize.c. An address is one entry or, where functions were inlined,
 * several, innermost first. Function and file may be NULL, line 0. */
struct symbol {
	const char *function, *file;
	int line;
	bool inlined; /* into the next entry */
};

struct place {
	uint64_t address;
	size_t n; /* at least 1 */
	struct symbol *symbols;
	UT_hash_handle hh;
};

const struct place *frame_place(struct report *report,
				const struct frame *frame);
/* The C++ class whose virtual table frame lies in, or NULL. */
const char *frame_type(struct report *report, const struct frame *frame);
void symbols_free(struct symbols *symbols);

/* names.c: the warning and where it happened, in the report's memory. */
const char *warning_text(struct report *report, const struct text *warning);

/* render_*.c */
void render_json(struct report *report, FILE *out);
void render_text(struct report *report, FILE *out);

/* report.c: prints nothing for FORMAT_NONE. */
void report_render(struct report *report, enum format format, FILE *out);
/* Complains of what was wrong with the files; false when nothing was. */
bool report_damages(const struct report *report);

#endif
