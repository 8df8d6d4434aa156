/*
 * When a call of the program's finds no memory, and Gordian's would be enough,
 * all of that goes back and the call is made again. From then on nothing is
 * tracked. The report and descriptor 2 say so.
 */
#ifndef RELIEF_H
#define RELIEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

/* A call of the program's for so many bytes has failed. True: it may succeed
 * now, and nothing needs to be recorded. self is what guard_enter() gave; its
 * guard is left in either case, so nothing may be lifted or half done. Keeps
 * errno. */
bool relief_for(struct thread *self, size_t need);
/* The same from outside the guard. */
bool relief_outside(size_t need);
/* Before a call whose lack of memory cannot be seen: ends tracking if less than
 * that is left. */
void relief_before(size_t need);
/* A block may not have been recorded, for lack of memory, so no scan may
 * believe the table any more. Ends tracking then. After the guard, or before a
 * scan. */
void relief_serve(void);

/* Once, from the constructor. */
void relief_init(void);

#endif
