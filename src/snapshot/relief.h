/*
 * Where the program's own call finds no memory that Gordian has taken, all of
 * that goes back and the call is made again. Nothing is tracked from then on;
 * the report and descriptor 2 say so.
 */
#ifndef RELIEF_H
#define RELIEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

/* A call of the program's for so many bytes has failed. True: it may succeed
 * now, and nothing needs to be recorded. self: as of guard_enter(), whose guard
 * is left in either case, with nothing lifted or half done. Keeps errno. */
bool relief_for(struct thread *self, size_t need);
/* The same from outside the guard. */
bool relief_outside(size_t need);
/* A call is about to be made of which it is not seen whether memory was short:
 * beforehand, if less than that is left. */
void relief_before(size_t need);
/* A block may not have been recorded, for want of memory: no scan may believe
 * the table any more. After the guard, or before a scan: ends tracking then. */
void relief_serve(void);

/* Once, from the constructor. */
void relief_init(void);

#endif
