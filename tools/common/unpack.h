/*
 * A file that gzip or zstd has compressed, read piece by piece.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct unpack;

/* Whether a file that begins so is compressed. Four bytes tell. */
bool unpack_knows(const char *head, size_t n);
/* head: the bytes of the file that were read already, which unpack_knows(). The
 * descriptor stays the caller's. Memory that runs out ends the command. */
struct unpack *unpack_new(int fd, const char *head, size_t n);
/* As read(): 0 is the end, -1 an error with errno; EBADMSG: the data are
 * damaged or cut off. */
ssize_t unpack_read(struct unpack *unpack, char *to, size_t n);
void unpack_free(struct unpack *unpack); /* NULL will do */

#endif
