/*
 * A program may take /proc out of its own reach (chroot, Landlock, a mount).
 * The two files without which no scan is possible are opened before that.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* proc_keep(): before a call that may put /proc out of reach; opens the files.
 * proc_look(): after that call; closes them again if /proc is still there. */
void proc_keep(void);
void proc_look(void);
/* /proc is out of reach and the files are open. */
bool proc_is_kept(void);
/* Reads /proc/self/status into text, which has room for so many bytes. How many
 * were read, or -errno. */
long proc_status(char *text, size_t room);
/* In the text of a file of /proc: what follows a word that begins a line, or
 * ""; and the number there. */
const char *proc_field(const char *text, const char *word);
uint64_t proc_decimal(const char *s);
/* proc_note_maps(): the program, with its threads stopped, reads
 * /proc/self/maps, since for its child the file would be the same one. 0 or
 * -errno. proc_maps(), in the child: what was read. */
int proc_note_maps(void);
const char *proc_maps(size_t *bytes);
/* In a forked child: the files are the parent's. */
void proc_forked(void);

#endif
