/*
 * A command line: each line is a word, the first one a verb. Nothing is done
 * but to read it.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/check.h"
#include "cli/diff.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/snapshot.h"
#include "cli/verb.h"
#include "cli/why.h"
#include "fuzz.h"
#include "inputs.h"

#define WORDS_MOST 200

static const struct verb *const verbs[] = {&verb_run,	&verb_report,
					   &verb_check, &verb_diff,
					   &verb_why,	&verb_snapshot};

void words_input(const uint8_t *bytes, size_t n)
{
	char *text = strndup((const char *)bytes, n), *at = text;
	char *words[WORDS_MOST + 1] = {NULL};
	struct settings settings = {0};
	size_t i, words_n = 0;

	while (at && words_n < WORDS_MOST)
		words[words_n++] = strsep(&at, "\n");
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(words[0], verbs[i]->name))
			options_parse(verbs[i], words + 1, &settings);
	free(text);
}
