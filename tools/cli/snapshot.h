/*
 * The verb `snapshot`.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "cli/verb.h"

extern const struct verb verb_snapshot;

#endif
