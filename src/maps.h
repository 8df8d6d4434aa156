/*
 * What is mapped, as /proc/self/maps has it, in the snapshot child.
 */
#ifndef MAPS_H
#define MAPS_H

#include <stdbool.h>
#include <stdint.h>

enum map_kind {
	MAP_OF_MODULE, /* data of an executable or shared object, its bss */
	MAP_OF_STACK,  /* the first thread's */
	MAP_OF_HEAP,   /* behind the break */
	MAP_FOREIGN,   /* anything else that can hold pointers */
	MAP_NO_ROOT,   /* devices, the kernel's own, unreadable, constant */
};

struct map {
	uintptr_t low, high;
	enum map_kind kind;
	bool shared;
	bool file;
	uint64_t id; /* device and inode; 0: anonymous */
	bool code, write, read;
};

struct maps {
	struct map *list; /* by address */
	uint32_t n;
};

/* 0 or -errno. */
int maps_read(struct maps *out) __attribute__((warn_unused_result));
/* The same from a descriptor, for tests. */
int maps_read_from(int fd, struct maps *out)
	__attribute__((warn_unused_result));
/* The first mapping that ends past address; past the last when none does. */
const struct map *maps_from(const struct maps *maps, uintptr_t address);
/* The mapping that contains address, or NULL. */
const struct map *maps_find(const struct maps *maps, uintptr_t address);

#endif
