/*
 * PyGObject: functions of Python that C calls back.
 *
 * Snapshot child only.
 */
#ifndef PYGOBJECT_CLOSURE_H
#define PYGOBJECT_CLOSURE_H

/* Declares that libffi owns no function that a block has for a callback. 0 or
 * -ENOMEM. Reads all blocks when there are such functions. */
int pygobject_closures(void) __attribute__((warn_unused_result));

#endif
