/*
 * What a later scan no longer has.
 */
#ifndef GONE_H
#define GONE_H

struct finding;
struct report;
struct sighting;
struct sums;

void sums_add(struct sums *to, const struct sums *from);
/* Notes that the finding is in one more record of the last program. */
void sighting_add(struct report *report, struct finding *finding,
		  const struct sighting *sighting);
/* After the last record: fills sums, confidence, gone, came_back. */
void sightings_settle(struct report *report);

#endif
