#include <stdlib.h>
#include "counted.h"

struct thing *thing_new(void)
{
	struct thing *thing = calloc(1, sizeof *thing);

	thing->refs = 1;
	return thing;
}

struct thing *thing_take(struct thing *thing)
{
	thing->refs++;
	return thing;
}

void thing_drop(struct thing *thing)
{
	if (--thing->refs)
		return;
	if (thing->other)
		thing_drop(thing->other);
	free(thing);
}

struct thing *things_known[16];

void thing_know(struct thing *thing)
{
	static int n;

	things_known[n++] = thing;
}

struct thing **list_new(void)
{
	return calloc(16, sizeof(struct thing *));
}

double take_second(double a, struct thing *thing, double b)
{
	thing->refs++;
	return a * b;
}

struct pair take_pair(struct thing *thing, long b)
{
	thing->refs++;
	return (struct pair){b / 2.0, b};
}

struct large take_large(struct thing *thing, long a)
{
	thing->refs++;
	return (struct large){{a, a, a, a, a}};
}

long take_many(struct thing *t, long a, long b, long c, long d, long e, long f,
	       long g, double h, double i)
{
	t->refs++;
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g +
	       (long)(h * i);
}

long take_rest(struct thing *thing, const char *kinds, ...)
{
	va_list rest;
	double sum = 0;

	thing->refs++;
	va_start(rest, kinds);
	for (; *kinds; kinds++)
		sum += *kinds == 'd' ? va_arg(rest, double)
				     : (double)va_arg(rest, long);
	va_end(rest);
	return (long)sum;
}

struct thing *find_many(long a, long b, long c, long d, long e, long f, long g,
			struct thing *thing, double x)
{
	if (a + b + c + d + e + f + g != 28 || x != 0.5)
		abort();
	thing->refs++;
	return thing;
}

struct thing *find_throwing(void (*throws)(void), struct thing *thing)
{
	throws();
	thing->refs++;
	return thing;
}
