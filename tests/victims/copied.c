/* Children cloned past libc and its syscall(): one that has a copy of
 * the memory confines itself, one that shares it has no thread-local storage
 * but zeros. Both live on. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "victim.h"

#define ALLOW(n)                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(SYS_brk), ALLOW(SYS_mmap), ALLOW(SYS_exit_group),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
static struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
static void *kept[40000];

static NOINLINE void lose(void)
{
	MALLOC(100);
}

static NOINLINE int confined(void)
{
	size_t i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 1;
	for (i = 0; i < sizeof kept / sizeof *kept; i++)
		kept[i] = malloc(i % 90);
	return 0;
}

/* errno would be found by the first word of the storage, which is 0. */
static int bare(void *arg)
{
	USE(arg);
	syscall(SYS_getppid);
	syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0);
	prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	_exit(0);
}

/* fork by number, as no hook sees it. */
static NOINLINE long fork_unseen(void)
{
	long number = SYS_fork;

	__asm__ volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
	return number;
}

int main(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	static char storage[16384] __attribute__((aligned(16)));
	int status = 1;
	long pid;

	say("expect lost count=1 bytes=100 function=lose");
	away(lose);
	pid = fork_unseen();
	if (!pid)
		_exit(confined());
	if (waitpid(pid, &status, 0) != pid)
		return 99;
	say("confined %x", status);
	pid = clone(bare, stack + sizeof stack,
		    CLONE_VM | CLONE_VFORK | CLONE_SETTLS | SIGCHLD, NULL, NULL,
		    storage + sizeof storage / 2);
	if (waitpid(pid, &status, 0) != pid)
		return 99;
	say("bare %x", status);
	return 0;
}
