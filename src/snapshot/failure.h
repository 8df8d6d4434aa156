/*
 * Why a child has closed no scan.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdint.h>
#include <sys/resource.h>

#define FAILURE_UNSEEN (-1) /* the program has waited for the child itself */

/* Tells it in the report, once, and each time to those who asked (see
 * warning_failure()). status: as wait4 gives it, or FAILURE_UNSEEN. Under the
 * stop lock. */
void failure_tell(const struct rusage *use, int status, uint32_t asked);

#endif
