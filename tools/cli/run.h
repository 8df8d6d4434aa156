/*
 * The verb `run`.
 */
#ifndef RUN_H
#define RUN_H

#include "cli/verb.h"

extern const struct verb verb_run;

#endif
