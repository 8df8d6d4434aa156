/*
 * The runtimes whose objects are known: one file each in this room defines a
 * struct runtime, which is declared here.
 */
#ifndef RUNTIMES_H
#define RUNTIMES_H

/* Registers them all (scan/runtime.h). When the library starts. */
void runtimes_init(void);

#endif
