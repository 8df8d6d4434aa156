/*
 * A path from a root to a block as JSON.
 */
#ifndef JSON_PATH_H
#define JSON_PATH_H

#include <jansson.h>
#include <stdio.h>

struct finding;
struct path;
struct report;

/* The root, then the steps. A new reference. */
json_t *path_steps_json(struct report *report, const struct path *path);
/* member_of: as in render_path.h. */
void path_json(struct report *report, const struct path *path,
	       const struct finding *member_of, FILE *out);

#endif
