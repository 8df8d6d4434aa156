/*
 * From words between blocks to edges between objects. An edge that leads
 * through parts is one, with the whole path; so are the two words of a smart
 * pointer.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

struct blocks;

/* Replaces the finding's edges; finding->words are all of them as they were.
 * Members keep their numbers. After ownership_find(). */
void objects_join(struct blocks *blocks);

#endif
