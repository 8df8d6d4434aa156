/*
 * When libunwind is opened, if no stack has wanted it before (unwind.h): while
 * there is one thread, since another one may hold the loader's lock later and
 * wait for a lock of the program's; and before the process confines itself.
 */
#ifndef UNWINDER_H
#define UNWINDER_H

/* From a hook, outside the guard. Keeps errno. */
void unwinder_open(void);

#endif
