/* Pointers that the kernel refuses: each call fails with EFAULT, as without
 * Gordian, where a hook of ours looks at what it is given. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "victim.h"

#define TRY(call)                                                 \
	do {                                                      \
		errno = 0;                                        \
		if ((call) != -1 || errno != EFAULT)              \
			say("%s: errno %d", #call, errno), bad++; \
	} while (0)

int main(void)
{
	void *volatile low = (void *)12, *volatile one = (void *)1;
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *argv[] = {"true", NULL}, *worse[] = {low, NULL};
	char *worst[] = {one, NULL};
	char **edge = (char **)(page + 4096) - 1;
	struct timespec now = {0, 1};
	struct epoll_event event;
	sigset_t *mask;
	int bad = 0, e = epoll_create1(0);
	pid_t pid;

	say("expect nothing");
	munmap(page + 4096, 4096);
	*edge = "A=1"; /* and no end */
	TRY(execve("/bin/true", argv, low));
	TRY(execve("/bin/true", argv, worse));
	TRY(execve("/bin/true", argv, worst));
	TRY(execve("/bin/true", argv, edge));
	TRY(execve(one, argv, argv));
	TRY(execve(low, argv, argv));
	TRY(execve("/bin/true", low, argv));
	TRY(syscall(SYS_execve, low, argv, argv));
	TRY(pselect(0, NULL, NULL, NULL, &now, low));
	TRY(ppoll(NULL, 0, &now, low));
	TRY(ppoll(NULL, 0, &now, one));
	TRY(epoll_pwait(e, &event, 1, 0, low));
	TRY(epoll_pwait2(e, &event, 1, &now, low));
	TRY(sigsuspend(low));
	TRY(sigtimedwait(low, NULL, &now));
	TRY(sigwaitinfo(low, NULL));
	TRY(signalfd(-1, low, 0));
	TRY(sigaltstack(low, NULL));
	TRY(sigaltstack(NULL, low));
	TRY(writev(1, low, 1));
	TRY(nanosleep(low, NULL));
	TRY(clock_nanosleep(CLOCK_MONOTONIC, 0, low, NULL) == EFAULT
		    ? (errno = EFAULT, -1)
		    : 0);
	TRY(posix_spawn(&pid, "/bin/true", NULL, NULL, argv, low) == EFAULT
		    ? (errno = EFAULT, -1)
		    : 0);
	/* eight bytes are enough */
	memset(page, 0xff, 4096);
	mask = (sigset_t *)(page + 4096 - 8);
	if (ppoll(NULL, 0, &now, mask) ||
	    pselect(0, NULL, NULL, NULL, &now, mask))
		say("a mask at the end of a page: errno %d", errno), bad++;
	return bad;
}
