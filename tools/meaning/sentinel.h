/*
 * The end of a list or tree, which lies in the object that has it: the nodes
 * lead there, and hold nothing by that.
 */
#ifndef SENTINEL_H
#define SENTINEL_H

#include <stdbool.h>

struct blocks;
struct word;

/* Whether a word of a part leads into its owner where the owner has the end of
 * its list or tree. */
bool word_is_sentinel(const struct blocks *blocks, const struct word *word);

#endif
