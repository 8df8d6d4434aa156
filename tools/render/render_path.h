/*
 * A path from a root to a block: for people and for programs.
 */
#ifndef RENDER_PATH_H
#define RENDER_PATH_H

#include <stdio.h>

struct finding;
struct page;
struct path;
struct report;
struct view;

/* The root's name, and a line for each step below it. */
void path_print(const struct page *page, const struct path *path);
/* member_of: a finding that has the block among its members, or NULL. */
void render_path(struct report *report, const struct path *path,
		 const struct finding *member_of, const struct view *view,
		 FILE *out);

#endif
