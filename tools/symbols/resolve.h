/*
 * Looks up names for what will be printed: a step between reading a report and
 * printing it. A frame gets its place, a member the type that its virtual table
 * tells. This may add warnings to the report, about files that have no names.
 * modules_close() ends it.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <stddef.h>

struct finding;
struct member;
struct report;
struct stack;

/* Of the sample. */
void finding_resolve(struct report *report, const struct finding *finding);
void stack_resolve(struct report *report, struct stack *stack);
/* The same without frames that only their callers tell of. */
void frames_resolve(struct report *report, const struct stack *stack);
void type_resolve(struct report *report, struct member *member);
/* The places of the first so many warnings. */
void warnings_resolve(struct report *report, size_t most);
/* All warnings and all findings. */
void report_resolve(struct report *report);

#endif
