/*
 * Short names for people. All strings are in the report's memory.
 */
#ifndef NAMES_H
#define NAMES_H

#include "model/model.h"

struct entry_line;

/* The function without its parameters, about 60 characters wide at most. */
const char *entry_function(struct report *report,
			   const struct entry_line *entry);
/* Where it is: "dir/file.c:12", relative to here, or "libx.so+0x12". */
const char *entry_where(struct report *report, const struct entry_line *entry);
/* Notes that something of it was printed without its name. */
void entry_lacks(const struct entry_line *entry, enum lack lack);
/* A member's type, or NULL. */
const char *member_type(struct report *report, const struct member *member);
/* Its type or, when that is unknown, its size. */
const char *member_label(struct report *report, const struct member *member);
/* ".field" or, when the field is unknown, "+8", "+8 interior". */
const char *edge_field(struct report *report, const struct edge *edge);

#endif
