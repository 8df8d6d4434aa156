/*
 * What /proc/self/smaps tells of mappings beyond maps. Snapshot child only.
 */
#ifndef SMAPS_H
#define SMAPS_H

struct maps;

/* Fills in `rare` from a descriptor of smaps. 0 or -errno. */
int smaps_read_rare(int fd, struct maps *maps)
	__attribute__((warn_unused_result));

#endif
