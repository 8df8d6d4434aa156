/*
 * A registry of observers that is not to keep them alive: who goes takes
 * himself out. But each window and its observer hold one another, so they never
 * go, and the registry still points at them: a leak that is reached, which no
 * tool that follows pointers alone can call one.
 *
 * GORDIAN_WEAK says that the registry's slots hold nothing; then only the
 * window and its observer are left to hold each other.
 *
 * cc -g -O1 -I../src observers.c -o observers
 * gordian run ./observers
 */
#include <gordian.h>
#include <stdio.h>
#include <stdlib.h>

struct object {
	int refs;
	struct object *other;
};

static struct registry {
	int n;
	struct object *observer[8];
} registry;

static struct object *object_new(const char *type)
{
	struct object *object = calloc(1, sizeof(*object));

	if (!object)
		abort();
	GORDIAN_OBJECT(object, type);
	object->refs = 1;
	return object;
}

static struct object *object_get(struct object *object)
{
	GORDIAN_REF(object);
	object->refs++;
	return object;
}

static void object_put(struct object *object)
{
	int i;

	if (!object)
		return;
	GORDIAN_UNREF(object);
	if (--object->refs)
		return;
	for (i = 0; i < registry.n; i++)
		if (registry.observer[i] == object)
			registry.observer[i] = NULL;
	object_put(object->other);
	free(object);
}

static void observe(struct object *observer)
{
	registry.observer[registry.n] = observer;
	GORDIAN_WEAK(&registry, observer[registry.n]);
	registry.n++;
}

static void open_and_close(void)
{
	struct object *window = object_new("window");
	struct object *observer = object_new("observer");

	window->other = object_get(observer);
	observer->other = object_get(window);
	observe(observer);
	object_put(observer);
	object_put(window);
}

int main(void)
{
	int i;

	for (i = 0; i < 3; i++)
		open_and_close();
	printf("%d observers are still there\n", registry.n);
	return 0;
}
