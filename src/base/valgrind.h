/*
 * A request to valgrind, which may run the program: a few instructions that do
 * nothing without it.
 */
#ifndef VALGRIND_H
#define VALGRIND_H

#include <stdint.h>

#define VALGRIND_ERRORS 0x1801 /* its CHANGE_ERR_DISABLEMENT */

/* What this thread of ours reads may be free or unwritten, and that is no error
 * of the program's. 1: valgrind says nothing from here on; -1: as before. */
static inline void valgrind_silence(long more)
{
	volatile uint64_t request[6] = {VALGRIND_ERRORS, (uint64_t)more};
	uint64_t answer = 0;

	__asm__ volatile("rolq $3, %%rdi\n"
			 "rolq $13, %%rdi\n"
			 "rolq $61, %%rdi\n"
			 "rolq $51, %%rdi\n"
			 "xchgq %%rbx, %%rbx\n"
			 : "+d"(answer)
			 : "a"(request)
			 : "cc", "memory");
}

#endif
