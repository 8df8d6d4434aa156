/*
 * What a call does with what it is given.
 */
#ifndef SITE_CALL_H
#define SITE_CALL_H

#include <stdbool.h>

struct callee;
struct machine;
struct walk;

/* Changes the machine as the call does. False: the way ends here. */
bool call_make(struct walk *walk, struct machine *machine,
	       struct callee *callee);
/* The function comes back to its caller. */
void walk_return(struct walk *walk, const struct machine *machine);

#endif
