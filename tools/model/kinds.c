/*
 * See kinds.h.
 */
#include <string.h>

#include "model/kinds.h"
#include "model/model.h"

const struct kind_words kind_words[] = {
	[KIND_CYCLE] = {"cycle", "CYCLE", "cycle", "instance", "instances",
			"cycle", "cycles"},
	[KIND_LOST] = {"lost", "LOST", "loss", "block", "blocks",
		       "kind of lost block", "kinds of lost blocks"},
	[KIND_EXCESS_REF] = {"excess-ref", "EXCESS-REF", "excess reference",
			     "object", "objects", "excess reference",
			     "excess references"},
};

const char *const confidence_words[] = {
	[CERTAIN] = "certain",
	[LIKELY] = "likely",
	[SUSPECT] = "suspect",
};

enum kind kind_of_word(const char *word)
{
	enum kind kind;

	for (kind = KIND_CYCLE; kind <= KIND_EXCESS_REF; kind++)
		if (!strcmp(word, kind_words[kind].word))
			return kind;
	return KIND_CYCLE;
}

enum confidence confidence_of_word(const char *word)
{
	enum confidence confidence;

	for (confidence = CERTAIN; confidence <= SUSPECT; confidence++)
		if (!strcmp(word, confidence_words[confidence]))
			return confidence;
	return LIKELY;
}
