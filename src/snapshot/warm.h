#ifndef WARM_H
#define WARM_H

/* Before the threads are stopped: has the kernel look at the pages of the heap,
 * so that its books of them are in the processor's cache when it clones them.
 * Raw system calls only; needs 2 KB of stack. */
void warm_heap(void);

#endif
