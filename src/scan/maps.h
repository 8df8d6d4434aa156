/*
 * What is mapped, by /proc/self/maps, in the snapshot child.
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

/* What smaps tells besides. */
enum map_rare {
	MAP_PRESENT = 1,   /* some page of it exists */
	MAP_OWN = 2,	   /* the process has written to some page of it */
	MAP_SWAPPED = 4,   /* some page is not in memory */
	MAP_MAY_WRITE = 8, /* it could be made writable */
	MAP_WIPED = 16,	   /* a child finds zeros there */
	MAP_ABSENT = 32,   /* a child does not have it */
};

struct map {
	uintptr_t low, high;
	enum map_kind kind;
	enum map_kind late; /* the kind for the late look, when the first look
			       passes it over because it cannot be read or
			       written just now; otherwise no root */
	uint8_t rare;	    /* enum map_rare, once smaps are read */
	bool shared;
	bool file;
	bool memory; /* a file that is on no disk */
	uint64_t id; /* device and inode; 0: anonymous */
	bool code, write, read;
};

struct maps {
	struct map *list; /* by address */
	uint32_t n, room;
};

/* 0 or -errno. Nothing is mapped or unmapped while the mappings are read, so
 * all that is listed is there. */
int maps_read(struct maps *out) __attribute__((warn_unused_result));
/* The same from a descriptor of a file, not of a pipe when there are many. */
int maps_read_from(int fd, struct maps *out)
	__attribute__((warn_unused_result));
/* The first mapping that ends past address; past the last when none does. */
const struct map *maps_from(const struct maps *maps, uintptr_t address);
/* The mapping that contains address, or NULL. */
const struct map *maps_find(const struct maps *maps, uintptr_t address);

#endif
