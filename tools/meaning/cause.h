/*
 * Is it a reference cycle, or was the release of one block forgotten?
 */
#ifndef CAUSE_H
#define CAUSE_H

struct blocks;

/* Fills cause and head of a finding, and makes of a cycle that no ring of
 * owning references keeps what it is: its head is lost, and keeps the others.
 * After borrowed_find(). */
void cause_find(struct blocks *blocks);

#endif
