/*
 * Which block was made by the constructor of which object, as their stacks
 * tell.
 */
#ifndef CONSTRUCTOR_H
#define CONSTRUCTOR_H

#include <stdbool.h>

struct member;

/* Whether the constructor of the C++ object `owner` made `part`: the two stacks
 * part in the function that made the owner, and there the constructor was
 * called next. Where functions have no names, only the distance of the two
 * calls tells: ask for more evidence then (*sure is false). */
bool constructor_made(const struct member *owner, const struct member *part,
		      bool *sure);

#endif
