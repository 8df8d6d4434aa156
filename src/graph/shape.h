/*
 * Shapes: which instances are of one finding. Internal to the finding stage.
 */
#ifndef SHAPE_H
#define SHAPE_H

struct arena;
struct instances;

/* Fills finding, lost, id and findings. 0, or -ENOMEM. */
int shapes_find(struct instances *instances, struct arena *arena)
	__attribute__((warn_unused_result));

#endif
