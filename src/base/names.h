/*
 * Names that programs give (types, fields, finalizers), each kept once. A
 * plugin's literal is still there after dlclose. Call inside the guard, with no
 * latch held.
 */
#ifndef NAMES_H
#define NAMES_H

#define NAME_MAX_BYTES 255 /* more is cut off */

/* One address for each text. NULL for NULL, and when there are too many names
 * or memory is short. */
const char *name_intern(const char *text);
void names_fork_prepare(void);
void names_fork_done(void);

#endif
