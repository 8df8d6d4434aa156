/*
 * Storage of several blocks that point at each other, as the nodes of a list:
 * it belongs to the one block outside that points at any of them.
 */
#ifndef GROUPS_H
#define GROUPS_H

struct blocks;

/* Fills owner: of nodes and buffers whose types are insides of a library, and
 * of what has neither class nor type, but is held by an object of a class. */
void groups_find(struct blocks *blocks);

#endif
