/*
 * The verb `diff`: what one report has and another has not.
 */
#ifndef DIFF_H
#define DIFF_H

#include "cli/verb.h"

extern const struct verb verb_diff;

#endif
