/*
 * For a program that takes /proc out of its own reach (chroot, Landlock, a
 * mount): the two files without which no scan is possible, opened before.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* /proc may be out of reach after what follows; then that has been done: what
 * was opened is closed again where it is still there. */
void proc_keep(void);
void proc_look(void);
/* It is out of reach, and the files are there. */
bool proc_is_kept(void);
/* /proc/self/status, into text with room for so many bytes: how many, or
 * -errno. */
long proc_status(char *text, size_t room);
/* In a file of /proc: what follows a word that begins a line, or ""; and the
 * number that stands there. */
const char *proc_field(const char *text, const char *word);
uint64_t proc_decimal(const char *s);
/* /proc/self/maps, by the program with its threads stopped: a file of its child
 * would be the same. 0 or -errno. Then, in the child, what was read. */
int proc_note_maps(void);
const char *proc_maps(size_t *bytes);
/* The files are the parent's. */
void proc_forked(void);

#endif
