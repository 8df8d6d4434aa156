/*
 * What an interpreter leaves behind that ends before the program: objects of
 * its own, whose holders it has taken apart, and which it does not free. They
 * are no leaks of the program's. What leaked before is found by the scan that
 * is made when the interpreter begins to end. No later scan knows of it: its
 * holders may be taken apart, too.
 *
 * Snapshot child only.
 */
#ifndef LEFT_H
#define LEFT_H

#include "graph/findings.h"
#include "report/report.h"

/* Notes which findings are final. Makes suspects of those that an interpreter
 * may have left behind, and that were no alarms before. */
void left_judge(struct findings *findings, const struct reported *reported);

#endif
