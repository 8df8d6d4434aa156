/*
 * The end of an interpreter.
 */
#ifndef INTERPRETER_H
#define INTERPRETER_H

/* Makes the last scan if CPython has begun to end. For hooks of calls that it
 * makes between its exit functions and its last collection. Outside the guard.
 * Spills the registers. */
void interpreter_look(void);

#endif
