/*
 * In which threads a finding was made, as far as stacks tell: the main one, or
 * one that runs a function.
 */
#ifndef THREADS_H
#define THREADS_H

struct finding;
struct report;

/* Fills the finding's threads, and notes whether the report has others than
 * main ones. Needs names. */
void threads_find(struct report *report, struct finding *finding);

#endif
