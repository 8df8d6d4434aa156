/* A program that puts /proc out of its reach, by -DCLOSE=…, with two threads:
 * what it loses afterwards is found as well. Nor does it find a directory among
 * its descriptors, which would lead out, and other programs refuse to go on
 * with. */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "victim.h"

#define DESCRIPTORS 2048

static NOINLINE void lose(void)
{
	MALLOC(100);
}

static NOINLINE void lose_later(void)
{
	MALLOC(200);
}

static void say_directories(void)
{
	struct stat st;
	int fd, n = 0;

	for (fd = 0; fd < DESCRIPTORS; fd++)
		n += !fstat(fd, &st) && S_ISDIR(st.st_mode);
	say("directories %d", n);
}

static __attribute__((unused)) int nothing(void)
{
	return 0;
}

/* Nothing may be opened any more. */
static __attribute__((unused)) int landlock(void)
{
	uint64_t handled = 1 << 2 | 1 << 3; /* LANDLOCK_ACCESS_FS_READ_… */
	long fd =
		syscall(444 /* create_ruleset */, &handled, sizeof handled, 0);

	return fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       syscall(446 /* restrict_self */, fd, 0) || close(fd);
}

static __attribute__((unused)) int may_move(void)
{
	return !geteuid() || !unshare(CLONE_NEWUSER);
}

static __attribute__((unused)) int change_root(void)
{
	char path[] = "/tmp/walled-XXXXXX";

	if (!may_move() || !mkdtemp(path) || chroot(path) || chdir("/"))
		return -1;
	return 0;
}

static __attribute__((unused)) int mount_over(void)
{
	return !may_move() || unshare(CLONE_NEWNS) ||
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	       mount("none", "/proc", "tmpfs", 0, NULL);
}

static int ends[2];
static void *held[30000]; /* a scan is due on the way */

static void *wait_here(void *arg)
{
	char c;

	if (read(ends[0], &c, 1) != 1)
		_exit(99);
	return arg;
}

int main(void)
{
	pthread_t thread;
	int i;

	say("expect lost count=1 bytes=100 function=lose");
	say("expect lost count=1 bytes=200 function=lose_later");
	say("warning none");
	away(lose);
	if (CLOSE)
		return cannot("put /proc out of reach");
	say_directories();
	if (pipe(ends) || pthread_create(&thread, NULL, wait_here, NULL))
		return 99;
	away(lose_later);
	for (i = 0; i < 30000; i++)
		held[i] = malloc(1);
	say_directories();
	if (write(ends[1], "", 1) != 1 || pthread_join(thread, NULL))
		return 99;
	return 0;
}
