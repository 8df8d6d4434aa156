/*
 * Lists that grow.
 */
#ifndef ROOM_H
#define ROOM_H

#include <stddef.h>

/* The malloc'd list of n elements, moved where it needs room for one more.
 * Memory that runs out ends the command. */
void *room_for(void *list, size_t n, size_t *room, size_t size);

#endif
