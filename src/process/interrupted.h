/*
 * What the registers in a signal's frame say of the system call that the signal
 * interrupted. Any thread, any handler.
 */
#ifndef INTERRUPTED_H
#define INTERRUPTED_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#define SYSCALL_SIZE 2
#define PAGE 4096

static inline bool is_syscall(uintptr_t at)
{
	const uint8_t *code = (const uint8_t *)at;

	return code[0] == 0x0f && code[1] == 0x05;
}

static inline bool is_near_page_start(uintptr_t pc)
{
	return pc % PAGE < SYSCALL_SIZE;
}

/* Whether pc is after a `syscall` instruction, or may be: the page before this
 * one may not be mapped. */
static inline bool is_after_syscall(uintptr_t pc)
{
	return is_near_page_start(pc) || is_syscall(pc - SYSCALL_SIZE);
}

/* Set back to make its system call again. The call left in rcx and r11 where it
 * stood and with which flags, as nothing else does. */
static inline bool is_set_back(const greg_t *regs)
{
	return regs[REG_RCX] == regs[REG_RIP] + SYSCALL_SIZE &&
	       regs[REG_R11] == regs[REG_EFL] && is_syscall(regs[REG_RIP]);
}

/* The call has ended, with EINTR or with something done. */
static inline bool is_ended(const greg_t *regs)
{
	return (regs[REG_RAX] == -EINTR || regs[REG_RAX] > 0) &&
	       is_after_syscall(regs[REG_RIP]);
}

/* The call has just failed with EINTR. */
static inline bool is_interrupted_call(const greg_t *regs)
{
	return regs[REG_RAX] == -EINTR && is_after_syscall(regs[REG_RIP]);
}

#endif
