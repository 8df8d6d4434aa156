/* Things whose count is known by a rule. What is done with them:
 * excess    references were taken, and no pointer is left
 * known     rings that only a list of all things leads to
 * listed    the same, with a list that was allocated
 * live      things that are in use */
#include <string.h>
#include "counted.h"

static struct thing *used[8], **list;

__attribute__((noinline)) static struct thing *forget(struct thing *thing)
{
	return thing_take(thing);
}

__attribute__((noinline)) static void excess(void)
{
	for (int i = 0; i < 3; i++)
		thing_drop(forget(forget(thing_new())));
}

__attribute__((noinline)) static struct thing *ring(void)
{
	struct thing *a = thing_new(), *b = thing_new();

	a->other = thing_take(b);
	b->other = thing_take(a);
	thing_drop(a);
	thing_drop(b);
	return a;
}

__attribute__((noinline)) static void known(void)
{
	for (int i = 0; i < 3; i++)
		thing_know(ring());
}

__attribute__((noinline)) static void listed(void)
{
	list = list_new();
	for (int i = 0; i < 3; i++)
		list[i] = ring();
}

__attribute__((noinline)) static void live(void)
{
	list = list_new();
	for (int i = 0; i < 8; i++) {
		used[i] = list[i] = thing_new();
		thing_know(used[i]);
		used[i]->other = i ? thing_take(used[i - 1]) : 0;
	}
}

__attribute__((noinline)) static void wipe(void)
{
	volatile char room[4096];

	memset((char *)room, 0, sizeof room);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "excess"))
		excess();
	if (argc > 1 && !strcmp(argv[1], "known"))
		known();
	if (argc > 1 && !strcmp(argv[1], "listed"))
		listed();
	if (argc > 1 && !strcmp(argv[1], "live"))
		live();
	wipe();
	return 0;
}
