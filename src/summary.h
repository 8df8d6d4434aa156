/*
 * What a program without `gordian run` says at its end.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

/* In the snapshot child, as its last act: becomes `gordian report`, which
 * prints to descriptor 2; where that command cannot be found, says where the
 * report is. */
void summary_print(void);

#endif
