/*
 * The roots of an image. Snapshot child only.
 */
#ifndef IMAGE_ROOTS_H
#define IMAGE_ROOTS_H

#include "process/stopped.h"
#include "scan/root.h"
#include "snapshot/stream.h"

/* self: the thread that made the scan. */
void image_roots(struct stream *stream, const struct roots *roots,
		 const struct stopped *self);

#endif
