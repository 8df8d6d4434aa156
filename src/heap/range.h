/*
 * Small sets of address ranges that hooks keep and the scan reads: mappings
 * that belong to an allocator, memory got with sbrk, registered roots, stacks
 * of ended threads, mappings that a fork leaves out. One lock for all, taken
 * inside the guard.
 */
#ifndef RANGE_H
#define RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uintptr_t low, high;
};

struct ranges {
	struct range *list; /* in no order, disjoint */
	uint32_t n, room;
};

extern struct ranges ranges_allocator; /* made by the allocator for itself */
extern struct ranges ranges_brk;       /* the program's own use of sbrk */
extern struct ranges ranges_root;      /* __lsan_register_root_region */
extern struct ranges ranges_ended;     /* stacks that libc keeps for later */
extern struct ranges ranges_no_fork;   /* MADV_DONTFORK */
extern struct ranges ranges_wiped;     /* MADV_WIPEONFORK */
extern struct ranges ranges_ours;      /* shared by our processes alone */
extern struct ranges ranges_shared;    /* written by other processes too */

/* Nothing happens when low >= high or memory is short. */
void ranges_add(struct ranges *set, uintptr_t low, uintptr_t high);
/* Takes out what overlaps, cutting ranges in two where needed. */
void ranges_remove(struct ranges *set, uintptr_t low, uintptr_t high);

/* All of [low, high) is in it. */
bool ranges_hold(const struct ranges *set, uintptr_t low, uintptr_t high);

/* The snapshot child is to have what the program keeps from its own children:
 * shown is true right before the clone, false right after it. Threads are
 * stopped. */
void ranges_show(bool shown);

/* fork: hold the lock; let it go in parent and child. */
void ranges_fork_prepare(void);
void ranges_fork_done(void);
/* In a forked child: it has nothing of what a fork leaves out. */
void ranges_forked(void);

#endif
