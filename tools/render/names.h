/*
 * Short names for people. All strings are in the report's memory.
 */
#ifndef NAMES_H
#define NAMES_H

struct edge;
struct entry_line;
struct member;
struct report;

/* The function without its parameters, about 60 characters wide at most. */
const char *entry_function(struct report *report,
			   const struct entry_line *entry);
/* Where it is: "dir/file.c:12", relative to here, or "libx.so+0x12". */
const char *entry_where(struct report *report, const struct entry_line *entry);
/* A member's type, or NULL. */
const char *member_type(struct report *report, const struct member *member);
/* Its type or, when that is unknown, its size. */
const char *member_label(struct report *report, const struct member *member);
/* ".field" or, when the field is unknown, "+8", "+8 interior". */
const char *edge_field(struct report *report, const struct edge *edge);

#endif
