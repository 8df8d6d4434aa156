/*
 * What the program brings itself: a malloc that comes before our hooks, or a
 * leak checker (LeakSanitizer's, alone or in AddressSanitizer).
 */
#ifndef CHECKER_H
#define CHECKER_H

#include <stdbool.h>
#include <stddef.h>

/* The checker's functions, when our names are found before them; otherwise
 * NULL. */
struct checker {
	void (*ignore_object)(const void *);
	void (*disable)(void);
	void (*enable)(void);
	void (*register_root_region)(const void *, size_t);
	void (*unregister_root_region)(const void *, size_t);
	void (*do_leak_check)(void);
	int (*do_recoverable_leak_check)(void);
};
extern struct checker checker __attribute__((visibility("hidden")));

/* In the constructor. */
void checker_init(void);
/* Tells in the report what cannot be seen, or that there are two checkers. */
void checker_tell(void);

#endif
