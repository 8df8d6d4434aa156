/*
 * The verb `why`.
 */
#ifndef WHY_H
#define WHY_H

#include "cli/verb.h"

extern const struct verb verb_why;

#endif
