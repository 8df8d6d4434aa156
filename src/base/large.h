/*
 * Puts large tables apart from all other variables. The small ones then share a
 * few pages. Each page that is written costs a fault at the start of a program,
 * and after each fork one more in parent and child.
 */
#ifndef LARGE_H
#define LARGE_H

#define LARGE __attribute__((section(".lbss")))

#endif
