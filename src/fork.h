/*
 * fork in one place: which locks are held over it, what the child begins anew.
 */
#ifndef FORK_H
#define FORK_H

void fork_init(void);

#endif
