/*
 * PyGObject: what it keeps of calls that are over.
 *
 * Snapshot child only.
 */
#ifndef PYGOBJECT_H
#define PYGOBJECT_H

/* Declares that the memory which waits for its next calls owns nothing. 0 or
 * -ENOMEM. */
int pygobject_spare(void) __attribute__((warn_unused_result));

#endif
