/*
 * A name for the report: opened so that nobody else can choose what is
 * written to, taken when no other process of the run has it.
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <stdbool.h>
#include <sys/stat.h>

/* Where anybody may make files, only what is our own and no link is opened. A
 * pipe without a reader does not hold us up. Descriptor or -errno. */
long claim_open(const char *path, struct stat *st);
/* Opens it, empties it and writes the first line. -EEXIST: another process of
 * this run has it; -EBADMSG: it is a file but no report. */
long claim_take(const char *path, struct stat *st, bool forked);
/* The first line of a report: what this process is. 0 or -errno. */
int claim_head(int fd, bool forked);
/* Its first line names this run. */
bool claim_is_of_this_run(int fd);
/* In words, or NULL. */
const char *claim_error(long err);

#endif
