/*
 * The whole heap as a file, for `gordian snapshot`: every block with what is
 * known of it, its words that lead to others, and the roots. It is written in
 * one pass, after marking. doc/design/snapshot.md describes the form.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "scan/root.h"
#include "snapshot/frozen.h"

/* Snapshot child. Answers with a line of the report, also when the file could
 * not be written. 0 or -errno: of the line. Needs the marks. */
int image_write(const struct snapshot *snapshot, const struct roots *roots)
	__attribute__((warn_unused_result));
/* After the child's end: removes the file of one that was killed at it, which
 * is in shared->image. */
void image_forget(void);

#endif
