/*
 * What tests/outside/inject.py makes calls fail under: it allocates, threads,
 * forks, executes, opens a plugin and ends. Argument 1: its plugin; with a
 * second one it loses nothing. Lost: a ring and a block of the parent's, a
 * block of a thread's, a block of the child's. Built with -DPLUGIN it is the
 * plugin.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../victims/victim.h"

extern char **environ;

#ifdef PLUGIN
void *plugin_make(size_t size)
{
	return calloc(1, size);
}
#else
struct node {
	struct node *other;
	long payload[4];
};

static void *kept[2000];
static int is_clean;

static NOINLINE void ring(void)
{
	struct node *a = malloc(sizeof *a), *b = malloc(sizeof *b);

	a->other = b;
	b->other = a;
	USE(a);
	if (is_clean) {
		free(a);
		free(b);
	}
}

static NOINLINE void lose(size_t size)
{
	char *volatile block = malloc(size);

	if (is_clean)
		free(block);
}

static void *work(void *arg)
{
	int i;

	for (i = 0; i < 200; i++)
		free(malloc(100 + i));
	lose(77);
	return arg;
}

static void in_threads(void)
{
	pthread_t thread[2];
	int i;

	for (i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, work, NULL))
			say("no thread");
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	say("threads done");
}

static void in_child(void)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		lose(55);
		say("child");
		_exit(3);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 3 << 8)
		say("no child");
}

static void execute(void)
{
	char *words[] = {"true", NULL};
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, "/bin/true", NULL, NULL, words, environ) ||
	    waitpid(pid, &status, 0) != pid || status)
		say("no true");
}

static void open_plugin(const char *path)
{
	void *plugin = dlopen(path, RTLD_NOW);
	void *(*make)(size_t) =
		plugin ? (void *(*)(size_t))dlsym(plugin, "plugin_make") : 0;

	if (!make) {
		say("no plugin");
		return;
	}
	free(make(1234));
	dlclose(plugin);
	say("plugin done");
}

int main(int argc, char **argv)
{
	int i;

	is_clean = argc > 2;
	for (i = 0; i < 2000; i++)
		kept[i] = malloc(16 + i % 300);
	for (i = 0; i < 2000; i += 2)
		kept[i] = realloc(kept[i], 500);
	away(ring);
	lose(44);
	clobber();
	in_threads();
	in_child();
	execute();
	open_plugin(argv[1]);
	say("end");
	return 0;
}
#endif
