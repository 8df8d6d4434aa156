/*
 * What findings mean: parts, ownership, cause, cut. Pure: it works on the model
 * alone.
 */
#ifndef MEANING_H
#define MEANING_H

struct finding;
struct report;

/* Says of one finding what its members and edges mean: fills all that model.h
 * says that an explanation adds. Types, fields and names have to be there, as
 * far as they are known. Once for each finding. */
void finding_mean(struct report *report, struct finding *finding);
/* ... of all, and takes out what turns out to be part of another. */
void report_mean(struct report *report);

#endif
