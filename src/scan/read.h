/*
 * Reading the frozen memory.
 *
 * Snapshot child only, one thread.
 */
#ifndef READ_H
#define READ_H

#include <stdbool.h>
#include <stdint.h>
#include "scan/root.h"

/* From this size on it pays to ask what exists. */
#define READ_LARGE (256ul << 10)

/* The word at any byte. */
struct read_word {
	uintptr_t word;
} __attribute__((packed));
static inline uintptr_t read_word(uintptr_t at)
{
	return ((const volatile struct read_word *)at)->word;
}

/* Calls visit for each word of [low, high) that can be read and may point to a
 * block. Skips the pages of a large range that were never touched. */
typedef void read_visit_fn(uintptr_t at, uintptr_t word, void *data);
void read_range(uintptr_t low, uintptr_t high, enum root_how how,
		read_visit_fn *visit, void *data);
/* Calls run for the parts that are to be read, piece by piece. */
typedef void read_run_fn(uintptr_t low, uintptr_t high, void *data);
void read_runs(uintptr_t low, uintptr_t high, enum root_how how,
	       read_run_fn *run, void *data);
/* The same for a root's memory between blocks. What is in a block is read when
 * the block is reached. */
void read_root(const struct root *root, read_run_fn *run, void *data);
/* read_disk_limit(): of files that are not in memory, no more than that may be
 * read from the disk. read_disk_unread(): how much was not read for that
 * reason. */
void read_disk_limit(uint64_t bytes);
uint64_t read_disk_unread(void);
/* Whether ranges that are read from now on have words at any byte, not at each
 * eighth. */
void read_every_byte(bool every);
unsigned read_step(void); /* 1 or 8 */
/* The same for a block, without the blocks that a pool has made in it. */
void read_block(uintptr_t block, read_visit_fn *visit, void *data);
void read_block_runs(uintptr_t block, read_run_fn *run, void *data);

#endif
