/*
 * Which programs are looked at: the options `only` and `skip`.
 */
#ifndef CHOSEN_H
#define CHOSEN_H

#include <stdbool.h>

/* Whether this program is. It goes by several names: that of its file, that by
 * which it was executed (a script's own), and argv[0], each without its
 * directory. Once, in the constructor. */
bool chosen_is(const char *argv0);

/* Whether a name is in a list of patterns, each with its 0, and a 0 behind. A
 * star stands for anything. */
bool chosen_names(const char *list, const char *name);

#endif
