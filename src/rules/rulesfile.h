/*
 * Rules files that the options name. In the constructor.
 */
#ifndef RULESFILE_H
#define RULESFILE_H

/* Reads a file by its absolute path. Calls `say` for what is wrong: one line
 * with file, line and reason. At most so many for a file: */
#define RULESFILE_COMPLAINTS 8
void rulesfile_read(const char *path, void (*say)(const char *text));

#endif
