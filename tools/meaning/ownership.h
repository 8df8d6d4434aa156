/*
 * What each reference does for what it leads to: it is counted, it owns it
 * alone, it is weak, it only borrows it, or that is not known.
 */
#ifndef OWNERSHIP_H
#define OWNERSHIP_H

struct blocks;

/* What the words themselves tell, besides what is known already. After
 * parts_find(). */
void ownership_find(struct blocks *blocks);
/* What only rings of objects tell. After objects_join(). */
void borrowed_find(struct blocks *blocks);

#endif
