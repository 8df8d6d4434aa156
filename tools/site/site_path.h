/*
 * The ways that a function's code may take.
 */
#ifndef SITE_PATH_H
#define SITE_PATH_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct walk;

/* From walk->next on, until the function returns or enough has been seen. */
void path_follow(struct walk *walk, const struct machine *machine);
/* Goes straight on to the instruction at `to`, from the last place before it
 * to which another one may jump. False: there is no way to see that. */
bool path_before(struct walk *walk, uint64_t to, struct machine *machine);

#endif
