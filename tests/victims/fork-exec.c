/* A child that executes a program (this one, with an argument) is followed;
 * a vfork child that fails to does no harm. */
#include <spawn.h>
#include <sys/wait.h>
#include "victim.h"

extern char **environ;

static NOINLINE void in_child(void)
{
	MALLOC(100);
}

static NOINLINE void in_parent(void)
{
	MALLOC(200);
}

static NOINLINE void spawn(void)
{
	char exe[] = "/proc/self/exe", arg[] = "child";
	char *argv[] = {exe, arg, NULL};
	pid_t child;

	if (!posix_spawn(&child, "/nonexistent", NULL, NULL, argv, environ))
		_exit(99);
	if (posix_spawn(&child, exe, NULL, NULL, argv, environ) ||
	    waitpid(child, NULL, 0) != child)
		_exit(99);
}

int main(int argc, char **argv)
{
	if (argc > 1 && argv[1]) {
		away(in_child);
		return 0;
	}
	say("expect lost count=1 bytes=200 function=in_parent");
	say("expect lost count=1 bytes=100 function=in_child in=child");
	away(spawn);
	away(in_parent);
	return 0;
}
