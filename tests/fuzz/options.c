/*
 * GORDIAN_OPTIONS, as the library takes it. It reads them once in a process:
 * here each input finds everything as it was in the beginning.
 */
#include <stdlib.h>
#include "base/config.c"

#include "fuzz.h"
#include "inputs.h"

static void forget(void)
{
	static struct config first;
	static bool kept;

	if (!kept)
		first = config;
	kept = true;
	config = first;
	memset(words, 0, sizeof words);
	memset(&rules, 0, sizeof rules);
	memset(&only, 0, sizeof only);
	memset(&skip, 0, sizeof skip);
	memset(&accept, 0, sizeof accept);
}

static void list_check(const char *list, const char *whose)
{
	for (; *list; list += strlen(list) + 1)
		if (list - whose >= CONFIG_PATH)
			abort();
}

void options_input(const uint8_t *bytes, size_t n)
{
	char path[CONFIG_PATH], *text = malloc(n + 1);

	if (!text)
		abort();
	memcpy(text, bytes, n);
	text[n] = 0;
	forget();
	config_read(text);
	config_know_filters(3);
	config_rest();
	config_report_path(path, 4711, "program");
	list_check(config.rules, rules.words);
	list_check(config.only, only.words);
	list_check(config.skip, skip.words);
	list_check(config.accept, accept.words);
	free(text);
}
