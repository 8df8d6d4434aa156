/*
 * A program that embeds CPython: embedding LIVES SCRIPT [LOSSES]. After each
 * life of the interpreter it loses so many blocks of its own.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>
#include <string.h>

static void *volatile last;

static void __attribute__((noinline)) lose(int n)
{
	while (n--)
		last = calloc(1, 4000);
	last = NULL;
}

static void __attribute__((noinline)) live(const char *script)
{
	Py_Initialize();
	PyRun_SimpleString(script);
	if (Py_FinalizeEx() < 0)
		exit(120);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 0; i < atoi(argv[1]); i++) {
		live(argv[2]);
		lose(argc > 3 ? atoi(argv[3]) : 0);
	}
	return 3;
}
