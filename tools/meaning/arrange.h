/*
 * The members of a finding in the order in which they are told: the objects of
 * the ring that is drawn, then other objects, then parts.
 */
#ifndef ARRANGE_H
#define ARRANGE_H

struct blocks;

/* Puts the members of a finding in order, with all that names them by number,
 * and fills part_of and objects_n. Of what is no cycle the head comes first,
 * and is the only member: the others are what it keeps. After cut_find(). */
void members_arrange(struct blocks *blocks);

#endif
