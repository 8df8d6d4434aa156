/*
 * Places that grow as JSON.
 */
#ifndef JSON_GROWING_H
#define JSON_GROWING_H

#include <jansson.h>

struct growing;
struct report;

/* A new reference. */
json_t *growing_json(struct report *report, const struct growing *growing);

#endif
