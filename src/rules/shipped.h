/*
 * The rules that are shipped: the files of rules/, built into the library. So
 * they cost no system call, and hold in any container.
 */
#ifndef SHIPPED_H
#define SHIPPED_H

#define SHIPPED_FILES 8
#define SHIPPED_LIBRARIES 4

struct shipped {
	const char *library[SHIPPED_LIBRARIES]; /* whose statements it has */
	const char *text, *end;
};
extern const struct shipped shipped_files[SHIPPED_FILES]
	__attribute__((visibility("hidden")));

#endif
