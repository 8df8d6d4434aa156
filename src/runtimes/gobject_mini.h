/*
 * GStreamer's GstMiniObject: buffers, caps, messages and all that is counted
 * like them. They are no GObjects, but begin with a type of GLib's.
 *
 * Snapshot child only.
 */
#ifndef GOBJECT_MINI_H
#define GOBJECT_MINI_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* After gobject_types_read(). Whether there are some; or -ENOMEM. */
int gobject_mini_begin(struct arena *arena) __attribute__((warn_unused_result));
/* Declares the block when it is one. 0 or -ENOMEM. */
int gobject_mini_declare(uintptr_t block) __attribute__((warn_unused_result));
/* The quark of its type's name; 0: it is none. */
uint32_t gobject_mini_name(uintptr_t block);

#endif
