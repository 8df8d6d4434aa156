/* Calls every function of counted.h; prints what they return. A thing that
 * points at itself is left over, on which each has taken a reference. The
 * argument is a plugin, which takes one more. */
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <dlfcn.h>
#include "counted.h"

static jmp_buf back;

static void throw_it() { throw 42; }
static void jump() { longjmp(back, 7); }

#define CALL __attribute__((noinline)) static

CALL void by_second(thing *t) { printf("%g\n", take_second(1.5, t, 4)); }
CALL void by_pair(thing *t)
{
	pair p = take_pair(t, 9);
	printf("%g %ld\n", p.a, p.b);
}
CALL void by_large(thing *t)
{
	large l = take_large(t, 11);
	printf("%ld %ld\n", l.word[0], l.word[4]);
}
CALL void by_many(thing *t)
{
	printf("%ld\n", take_many(t, 1, 2, 3, 4, 5, 6, 7, 1.5, 8));
}
CALL void by_rest(thing *t)
{
	printf("%ld\n", take_rest(t, "dldlllldd", 1.5, 2l, 2.5, 3l, 4l, 5l, 6l,
				  1.0, 2.0));
}
CALL void by_find(thing *t)
{
	errno = 77;
	find_many(1, 2, 3, 4, 5, 6, 7, t, 0.5);
	printf("errno %d\n", errno);
}
CALL void by_throw(thing *t)
{
	try {
		find_throwing(throw_it, t);
	} catch (int n) {
		printf("caught %d\n", n);
	}
}
CALL void by_jump(thing *t)
{
	int n = setjmp(back);
	if (!n)
		find_throwing(jump, t);
	printf("jumped %d\n", n);
}
CALL void by_pointer(thing *t)
{
	thing *(*volatile take)(thing *) = thing_take;
	take(t);
	printf("%s\n", take == thing_take ? "same" : "another");
}
CALL void taken_and_dropped(thing *t)
{
	for (int i = 0; i < 1000; i++) {
		thing_take(t);
		thing_drop(t);
	}
}
CALL void by_plugin(const char *path, thing *t)
{
	void *handle = dlopen(path, RTLD_NOW);
	void (*hold)(thing *) =
		handle ? (void (*)(thing *))dlsym(handle, "plugin_hold") : 0;
	if (hold)
		hold(t);
	printf("%s\n", hold ? "plugin" : dlerror());
}

int main(int argc, char **argv)
{
	thing *t = thing_new(), *gone = thing_new();

	thing_drop(gone);
	by_second(t);
	by_pair(t);
	by_large(t);
	by_many(t);
	by_rest(t);
	by_find(t);
	by_throw(t);
	by_jump(t);
	by_pointer(t);
	taken_and_dropped(t);
	for (int i = 1; i < argc; i++)
		by_plugin(argv[i], t);
	t->other = thing_take(t);
	thing_drop(t);
	printf("%ld\n", t->refs);
	t = 0;
}
