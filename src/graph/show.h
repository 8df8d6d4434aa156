/*
 * What findings show: members and cuts. Internal to the finding stage.
 */
#ifndef SHOW_H
#define SHOW_H

struct folding;

/* Fills them in. 0, or -ENOMEM. */
int show_fill(struct folding *f) __attribute__((warn_unused_result));

#endif
