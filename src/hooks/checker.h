/*
 * What the program brings itself: a malloc that stands before our hooks, a leak
 * checker (LeakSanitizer's, alone or as a part of AddressSanitizer's).
 */
#ifndef CHECKER_H
#define CHECKER_H

#include <stdbool.h>
#include <stddef.h>

/* Its functions, where our names are found before them; NULL else. */
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
/* In the report: what cannot be seen, or that there are two checkers. */
void checker_tell(void);

#endif
