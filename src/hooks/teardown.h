/*
 * The ends of Perl and Ruby.
 */
#ifndef TEARDOWN_H
#define TEARDOWN_H

/* Makes the last scan if Ruby has begun to end. For the hook of sigaction.
 * Outside the guard. Spills the registers. */
void teardown_look_ruby(void);

#endif
