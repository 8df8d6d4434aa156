/* A library with functions of many types that count references. */
#ifndef COUNTED_H
#define COUNTED_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif
struct thing {
	long refs;
	struct thing *other;
};
struct pair {
	double a;
	long b;
};
struct large {
	long word[5];
};

struct thing *thing_new(void);
struct thing *thing_take(struct thing *thing);
void thing_drop(struct thing *thing);
void thing_know(struct thing *thing); /* in a list that owns nothing */
extern struct thing *things_known[16];
struct thing **list_new(void); /* another */
double take_second(double a, struct thing *thing, double b);
struct pair take_pair(struct thing *thing, long b);
struct large take_large(struct thing *thing, long a); /* ARG 2 */
long take_many(struct thing *t, long a, long b, long c, long d, long e, long f,
	       long g, double h, double i);
long take_rest(struct thing *thing, const char *kinds, ...);
struct thing *find_many(long a, long b, long c, long d, long e, long f, long g,
			struct thing *thing, double x); /* ret */
struct thing *find_throwing(void (*throws)(void), struct thing *thing);
#ifdef __cplusplus
}
#endif

#endif
