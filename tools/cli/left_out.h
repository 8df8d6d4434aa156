/*
 * Programs at which the user does not want to look: --only and --skip.
 */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include <stdbool.h>

/* Whether a program is one, by the name of its file, of what that leads to, or
 * of a script's interpreter. data: the settings. */
bool is_left_out(const char *path, const void *data);

#endif
