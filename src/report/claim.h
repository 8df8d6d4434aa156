/*
 * A name for the report. It is opened so that nobody else can choose what is
 * written to. It is taken when no other process of the run has it.
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <stdbool.h>
#include <sys/stat.h>

/* Opens a file of mode 0600. In a directory where others may make files, opens
 * only a file of our own, under one name, and no link. Does not wait for a
 * pipe's reader. Descriptor or -errno. */
long claim_open(const char *path, struct stat *st);
/* Opens the file, empties it and writes the first line. -EEXIST: another
 * process of this run has it; -EBADMSG: the file is no report. Otherwise
 * descriptor or -errno. */
long claim_take(const char *path, struct stat *st, bool forked);
/* A report in memory, with its first line. Descriptor or -errno. */
long claim_memory(struct stat *st, bool forked);
/* Writes the first line of a report: what this process is. 0 or -errno. */
int claim_head(int fd, bool forked);
/* Whether the file's first line names this run. */
bool claim_is_of_this_run(int fd);
/* The error in words, or NULL. */
const char *claim_error(long err);

#endif
