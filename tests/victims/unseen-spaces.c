/* What needs a process with one thread is still allowed: new namespaces, and
 * going into another's; scans are made before and after. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include "victim.h"

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void try(const char *what, int flags)
{
	int result;

	for (volatile int i = 0; i < 20; i++) {
		free(MALLOC(10));
		nap_ms(1);
	}
	errno = 0;
	result = unshare(flags);
	say("%s %d %d", what, result, errno);
}

int main(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);
	int result, user = open("/proc/self/ns/user", O_RDONLY);

	say("option --interval=0.01");
	say("expect lost count=20 bytes=2000 function=lose");
	try("fs", CLONE_FS);
	try("files", CLONE_FILES);
	try("thread", CLONE_THREAD | CLONE_VM | CLONE_SIGHAND);
	errno = 0;
	result = setns(user, CLONE_NEWUSER);
	say("same user %d %d", result, errno);
	try("user", CLONE_NEWUSER);
	try("mounts", CLONE_NEWNS);
	try("uts", CLONE_NEWUTS);
	errno = 0;
	result = setns(fd, CLONE_NEWUTS);
	say("back %d %d", result, errno);
	for (volatile int i = 0; i < 20; i++) {
		away(lose);
		nap_ms(10);
	}
	return 0;
}
