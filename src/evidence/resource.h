/*
 * What descriptors are: files, pipes, sockets with both their ends. Objects
 * that are never destroyed keep them open.
 *
 * Snapshot child alone. Its copies of the descriptors are as frozen as its
 * memory, so they are asked, once, before they are closed: what /proc says of
 * the program later may be of another file, and is refused to a child whose
 * program gave up its rights.
 */
#ifndef RESOURCE_H
#define RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* Before the child closes its descriptors: notes what each is. At most
 * RESOURCES_MAX of them, the lowest, so that what a peer waits for is not held
 * open for long. Where memory or /proc is missing, less is known. */
#define RESOURCES_MAX 1024
void resources_note(void);

/* It was open, as far as is known. */
bool resource_is_open(int fd);
/* "fd 7 /var/log/x", cut off where there is no room: its length. "fd 7" alone
 * where no more is known; -EBADF where it was not. */
int resource_name(int fd, char *out, size_t room);

/* The descriptor of a glibc FILE that the block holds at its start, or -1.
 * Reads up to 224 bytes of it. */
int resource_of_file(const void *block, size_t size);

#endif
