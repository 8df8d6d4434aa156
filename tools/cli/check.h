/*
 * The verb `check`.
 */
#ifndef CHECK_H
#define CHECK_H

#include "cli/verb.h"

extern const struct verb verb_check;

#endif
