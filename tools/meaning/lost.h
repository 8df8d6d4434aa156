/*
 * What becomes of figures when a cycle turns out to be none.
 */
#ifndef LOST_H
#define LOST_H

struct blocks;
struct report;

/* The finding was a cycle and is lost now: its members but the head belong to
 * what it keeps. Together they stay what they were. After members_arrange(). */
void lost_settle(struct blocks *blocks);
/* What another finding holds is no finding of its own if it is no cycle: takes
 * such out of the report. The other has them in its figures already. */
void lost_drop(struct report *report);

#endif
