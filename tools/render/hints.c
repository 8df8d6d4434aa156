/*
 * See hints.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/entries.h"
#include "model/model.h"
#include "render/hints.h"
#include "render/page.h"
#include "system/package.h"

#define HINTS_MAX 5

static const char *const lacks[] = {
	[LACKS_TYPES] = "types and fields",
	[LACKS_LINES] = "lines, types and fields",
	[LACKS_NAMES] = "names of functions",
};

static void remedy_print(const struct page *page, const char *package)
{
	if (!package) {
		fputs("build it with -g, and do not strip it", page->out);
		return;
	}
	fprintf(page->out, "install %s%s", package,
		strcmp(package, "libc6") ? "-dbgsym" : "-dbg");
	if (!getenv("DEBUGINFOD_URLS"))
		fputs(", or set DEBUGINFOD_URLS", page->out);
}

void hints_print(const struct page *page)
{
	const struct module *module = page->report->modules;
	char *package;
	int n = 0;

	for (; module; module = module->hh.next) {
		if (!module->lacks || module->is_missing ||
		    module->path[0] != '/' || n++ >= HINTS_MAX)
			continue;
		package = package_of(module->path);
		fputs("gordian: note: '", page->out);
		page_text(page, module_name(module));
		fprintf(page->out, "' lacks %s: ", lacks[module->lacks]);
		remedy_print(page, package);
		fputc('\n', page->out);
		free(package);
	}
	if (n > HINTS_MAX)
		fprintf(page->out, "gordian: note: so do %d modules more\n",
			n - HINTS_MAX);
}
