/*
 * The index of the depot: the id of the node with a given key and parent, made
 * when there is none. It grows as it fills, without a pause. Any thread, any
 * signal handler, no locks.
 */
#ifndef DEPOT_TABLE_H
#define DEPOT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The node's id; 0 when there is none and none can be made. */
uint32_t depot_table_add(uint64_t key, uint32_t parent);

/* Whether each id is found by its key and parent. For depot_is_valid(). */
bool depot_table_is_valid(void);
/* Gives all memory back. Nobody may ask afterwards. */
void depot_table_stop(void);

#endif
