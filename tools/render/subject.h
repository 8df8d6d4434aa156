/*
 * What a finding is, in a few words.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

struct finding;
struct report;

/* "5 × Club ⇄ Member", "6 instances of 4 blocks", "20 blocks"; in the report's
 * memory. */
const char *finding_subject(struct report *report,
			    const struct finding *finding);
/* "5 × Club ⇄ Member, 3 in the baseline, 920 bytes, from 2 places, keeps 155
 * bytes more in 5 blocks"; likewise. */
const char *finding_line(struct report *report, const struct finding *finding);
/* "slot[3], 3 × 6 bytes": what the head of the sample leads to; likewise. NULL:
 * nothing, or it is a cycle. */
const char *finding_kept(struct report *report, const struct finding *finding);

#endif
