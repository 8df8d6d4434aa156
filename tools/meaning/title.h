/*
 * Short words for objects and findings.
 */
#ifndef TITLE_H
#define TITLE_H

struct finding;
struct report;

/* "app::Club ⇄ app::Member", "A → B → C → A", "A → B → 5 more → A"; of what is
 * no cycle, its head. In the report's memory. After members_arrange(). */
const char *finding_title(struct report *report, const struct finding *finding);

#endif
