/*
 * What descriptors are: files, pipes, sockets with both their ends. Objects
 * that are never destroyed keep them open.
 *
 * Snapshot child only. The child's copies of the descriptors are as frozen as
 * its memory. So they are asked once, before they are closed. Later, what /proc
 * says of the program may be of another file, and a child whose program gave up
 * its rights may not read it.
 */
#ifndef RESOURCE_H
#define RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* Before the child closes its descriptors: notes what each is. At most
 * RESOURCES_MAX of them, the lowest, so that nothing for which a peer waits is
 * held open for long. Without memory or /proc less is known. */
#define RESOURCES_MAX 1024
void resources_note(void);

/* Whether it was open, as far as is known. */
bool resource_is_open(int fd);
/* Writes "fd 7 /var/log/x", cut off when there is no room, or only "fd 7" when
 * no more is known. Its length, or -EBADF when it was not open. */
int resource_name(int fd, char *out, size_t room);

/* The descriptor of a glibc FILE that the block holds at its start, or -1.
 * Reads up to 224 bytes of it. */
int resource_of_file(const void *block, size_t size);

#endif
