/* Blocks that libc holds for the program. */
#include <dirent.h>
#include <locale.h>
#include <regex.h>
#include <search.h>
#include <stdlib.h>
#include <time.h>
#include "victim.h"

static DIR *volatile directory;
static char *line;
static volatile locale_t locale;
static regex_t regex;
static void *tree;

static void at_exit(int status, void *arg)
{
	(void)status;
	free(arg);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static NOINLINE void make(void)
{
	char name[] = "VICTIM_00=a value that takes some room";
	size_t room = 0;
	FILE *file = fopen("/proc/self/status", "r");

	if (!file || getline(&line, &room, file) < 0)
		_exit(99);
	for (int i = 0; i < 40; i++) {
		name[7] = '0' + i / 10;
		name[8] = '0' + i % 10;
		putenv(need(strdup(name)));
	}
	setenv("VICTIM", "another value", 1);
	on_exit(at_exit, MALLOC(100));
	directory = opendir("/");
	locale = newlocale(LC_ALL_MASK, "C.UTF-8", 0);
	setlocale(LC_ALL, "C.UTF-8");
	if (regcomp(&regex, "(a|b)*c[0-9]+", REG_EXTENDED))
		_exit(99);
	tsearch(need(strdup("one")), &tree, compare);
	tsearch(need(strdup("two")), &tree, compare);
	tzset();
	qsort(name, sizeof(name), 1, compare);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
