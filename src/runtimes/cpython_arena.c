/*
 * See cpython_arena.h. The arena lives while the script runs that was compiled
 * in it. Much of its memory was never written. A block of it begins with struct
 * _block of pyarena.c: its size, how much is used, the next block, and where
 * its memory begins.
 */
#include "runtimes/cpython_arena.h"
#include "runtimes/cpython_layout.h"
#include "scan/declare.h"

#define SIZE 0
#define MEMORY 24
#define HEAD 32
#define LEAST 8192

int cpython_arena(uintptr_t block, uint64_t size)
{
	if (size < LEAST || word_at(block + SIZE) != size - HEAD ||
	    word_at(block + MEMORY) != block + HEAD)
		return 0;
	return declare_weak(block + HEAD, block + size);
}
