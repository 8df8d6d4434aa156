/*
 * Types that go along edges.
 */
#ifndef SPREAD_H
#define SPREAD_H

struct edges;

/* Gives types to blocks to which typed blocks lead, and to what those lead, and
 * so on. A block keeps a type that is no guess. */
void types_spread(struct edges *edges);

#endif
