/*
 * The report's words for kinds and confidences.
 */
#ifndef WORDS_H
#define WORDS_H

/* By enum finding_kind. The titles are for people. */
extern const char *const words_kind[];
extern const char *const words_title[];
/* By enum finding_confidence. */
extern const char *const words_confidence[];

#endif
