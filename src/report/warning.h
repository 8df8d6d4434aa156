/*
 * Warnings in the report. In the process and in the scan's child.
 */
#ifndef WARNING_H
#define WARNING_H

#include <stdint.h>

/* {"t":"warning"}. */
void warning_add(const char *text);
/* A warning that was also written to descriptor 2. */
void warning_told(const char *text);
/* A warning that says that scans are missing from here on. */
void warning_missing(const char *text);
/* A warning, once; on descriptor 2 when there is no report. But always when it
 * answers a request: scan `asked` will not come. 0: nobody has asked. */
void warning_failure(const char *text, uint32_t asked, uint32_t *told);

#endif
