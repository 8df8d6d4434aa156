#ifndef WARM_H
#define WARM_H

/* Before the threads are stopped: makes the kernel look at the heap's pages, so
 * that what it knows of them is in the processor's cache when it clones them.
 * Raw system calls only. Needs 2 KB of stack. */
void warm_heap(void);

#endif
