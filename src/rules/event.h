/*
 * What a stub tells: a reference was taken or given back, an object was made.
 * Any thread. Like a hook, it enters the guard, takes the caller's stack, and
 * leaves. Inside the guard nothing is noted. errno stays.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

/* The arguments of a call that are in registers. */
struct stub_call {
	uintptr_t arg[6];
	uintptr_t rax, r10;
	uint64_t number;
	uint64_t back; /* 0: jump. Otherwise call, with so many words of the
			  caller's stack, less 2; even */
};

/* frame is the stub's: its caller is the program. The function to go to. */
void *stub_entered(uint32_t number, struct stub_call *call, const void *frame);
void stub_left(uint32_t number, uintptr_t value, const void *frame);

#endif
