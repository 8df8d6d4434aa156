/*
 * Hooks at the beginning and the ends of a program, and others that concern the
 * process: main, exit and its kin, dlclose.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "base/export.h"
#include "base/fd.h"
#include "hooks/end.h"
#include "process/guard.h"
#include "process/library.h"
#include "process/outside.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/thread.h"
#include "rules/redirect.h"
#include "stack/module.h"

static int (*real_main)(int, char **, char **);
static uintptr_t start_frame;

/* What main leaves below this frame is dead. A frame that goes by rbp would
 * cost every stack that is joined to it (memo.h). */
__attribute__((optimize("omit-frame-pointer"))) static int
run_main(int argc, char **argv, char **envp)
{
	int status;

	if (real_start_is_glibc)
		outside_note((uintptr_t)__builtin_dwarf_cfa() - 16,
			     start_frame);
	status = real_main(argc, argv, envp);
	end_note_exit(status, (uintptr_t)__builtin_dwarf_cfa() - 16);
	return status;
}

EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc,
			     char **argv, void (*start)(void),
			     void (*fini)(void), void (*loader_fini)(void),
			     void *stack_end)
{
	library_begin();
	real_main = main;
	start_frame = (uintptr_t)FRAME;
	return real.start_main(run_main, argc, argv, start, fini, loader_fini,
			       stack_end);
}

/*
 * The ends begin with a few instructions that push the registers that calls
 * preserve. So the frame that ended the program is known with its registers.
 */
#define WITH_REGISTERS(name, function, sp)                                 \
	__asm__(".text\n.globl " name "\n.type " name ", @function\n" name \
		":\n.cfi_startproc\n"                                      \
		"	push %rbp\n	push %rbx\n	push %r12\n"                     \
		"	push %r13\n	push %r14\n	push %r15\n"                     \
		".cfi_def_cfa_offset 56\n"                                 \
		"	mov %rsp, %" sp "\n	sub $8, %rsp\n"                \
		".cfi_def_cfa_offset 64\n"                                 \
		"	call " function "\n	ud2\n"                         \
		".cfi_endproc\n.size " name ", . - " name "\n")
#define PART __attribute__((used, noreturn)) static void

WITH_REGISTERS("exit", "exit_from", "rsi");
WITH_REGISTERS("_exit", "exit_now_from", "rsi");
WITH_REGISTERS("_Exit", "exit_now_from", "rsi");
WITH_REGISTERS("quick_exit", "quick_exit_from", "rsi");
WITH_REGISTERS("abort", "abort_from", "rdi");
WITH_REGISTERS("__assert_fail", "assert_from", "r8");

PART exit_from(int status, uintptr_t sp)
{
	library_begin();
	if (!pid_is_vfork_child())
		end_note_exit(status, sp);
	real.exit(status);
	__builtin_unreachable();
}

PART exit_now_from(int status, uintptr_t sp)
{
	library_begin();
	end_now(status, sp);
	real._exit(status);
	__builtin_unreachable();
}

PART quick_exit_from(int status, uintptr_t sp)
{
	library_begin();
	end_now(status, sp);
	real.quick_exit(status);
	__builtin_unreachable();
}

static void note_abort(uintptr_t sp)
{
	library_begin();
	if (!pid_is_vfork_child())
		end_note_abort(sp);
}

PART abort_from(uintptr_t sp)
{
	note_abort(sp);
	real.abort();
	__builtin_unreachable();
}

PART assert_from(const char *text, const char *file, unsigned line,
		 const char *function, uintptr_t sp)
{
	note_abort(sp);
	real.assert_fail(text, file, line, function);
	__builtin_unreachable();
}

/* libunwind opens a pipe to probe memory. It is moved out of the program's
 * way. */
EXPORT int pipe2(int fd[2], int flags)
{
	struct thread *self = thread_self;
	int err;

	if (!real.pipe2 && !library_begin())
		return -1;
	err = real.pipe2(fd, flags);
	if (!err && self && self->inside) {
		fd[0] = fd_high(fd[0]);
		fd[1] = fd_high(fd[1]);
	}
	return err;
}

EXPORT int dlclose(void *handle)
{
	struct thread *self;
	int err = real.dlclose(handle);

	self = guard_enter(FRAME);
	if (library_is_up()) {
		module_unloaded();
		redirect_forget();
	}
	guard_end(self);
	return err;
}

/* Points descriptors 0 to 2 to the null device, as in glibc: it must be that
 * device and nothing in its place. */
static int to_null_device(void)
{
	struct stat st;
	int fd = open("/dev/null", O_RDWR), err = -1, i;

	if (fd < 0 || fstat(fd, &st))
		goto out;
	errno = ENODEV;
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		goto out;
	for (i = 0; i < 3; i++)
		dup2(fd, i);
	err = 0;
out:
	if (fd > 2 || (err && fd >= 0))
		close(fd);
	return err;
}

/* libc's own daemon() ends the parent past our hooks, and what the parent has
 * lost would never be looked for. */
EXPORT int daemon(int stay, int keep)
{
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid)
		_exit(0);
	if (setsid() < 0)
		return -1;
	if (!stay && chdir("/")) /* libc goes on, too */
		errno = 0;
	return keep ? 0 : to_null_device();
}
