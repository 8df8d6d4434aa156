/*
 * What a root is called.
 */
#ifndef ROOT_H
#define ROOT_H

struct path;
struct report;

/* "sessions in shop", "thread 3's stack: serve()"; why there is none. In the
 * report's memory. */
const char *root_name(struct report *report, const struct path *path);

#endif
