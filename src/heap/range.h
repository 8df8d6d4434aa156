/*
 * Small sets of address ranges that hooks keep and the scan reads: mappings of
 * an allocator, memory from sbrk, registered roots, stacks of ended threads,
 * mappings that a fork leaves out. One lock for all, taken inside the guard.
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
/* Takes out what overlaps. Cuts a range in two where needed. */
void ranges_remove(struct ranges *set, uintptr_t low, uintptr_t high);

/* Whether all of [low, high) is in the set. */
bool ranges_hold(const struct ranges *set, uintptr_t low, uintptr_t high);

/* Gives the snapshot's child what the program keeps from its own children. Call
 * it with true right before the clone and with false right after it, while
 * threads are stopped. */
void ranges_show(bool shown);

/* For fork: holds the lock, and drops it in parent and child. */
void ranges_fork_prepare(void);
void ranges_fork_done(void);
/* In a forked child: forgets what a fork leaves out. */
void ranges_forked(void);

#endif
