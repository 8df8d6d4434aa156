/*
 * Which blocks are parts of which object: storage, nodes, private halves. A
 * block that is wrongly taken for a part hides a cycle. So each needs evidence.
 */
#ifndef PARTS_H
#define PARTS_H

struct blocks;

/* Fills owner, is_private and the role of words inside of an object. After
 * pairs_find(). */
void parts_find(struct blocks *blocks);

#endif
