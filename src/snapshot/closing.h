/*
 * The descriptors that the snapshot child has from the program. Snapshot child
 * only.
 */
#ifndef CLOSING_H
#define CLOSING_H

/* Closes all but the report's, and those that the summary needs. */
void close_others(int report);

#endif
