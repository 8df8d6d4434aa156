/*
 * Names that programs give (types, fields, finalizers), kept once each: what
 * was a literal of a plugin is there after dlclose. Inside the guard, no latch
 * held.
 */
#ifndef NAMES_H
#define NAMES_H

#define NAME_MAX_BYTES 255 /* more is cut off */

/* The same address for the same text; NULL for NULL, and when there are too
 * many or memory is short. */
const char *name_intern(const char *text);
void names_fork_prepare(void);
void names_fork_done(void);

#endif
