/*
 * The words for the kinds of findings, and for how sure they are.
 */
#ifndef KINDS_H
#define KINDS_H

#include "model/model.h"

struct kind_words {
	const char *word; /* of reports */
	/* For people: as a title, in a line, and when counted. */
	const char *title, *name, *one, *many;
	const char *sum, *sums; /* findings: one, several */
};
extern const struct kind_words kind_words[]; /* by enum kind */
extern const char *const confidence_words[]; /* by enum confidence */
/* The kind or confidence of a word. An unknown word means a cycle; likely. */
enum kind kind_of_word(const char *word);
enum confidence confidence_of_word(const char *word);

#endif
