/*
 * Signs, colours and numbers of the text form. Box drawing when the locale's
 * characters are UTF-8, otherwise ASCII.
 */
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/page.h"

void page_init(struct page *page, struct report *report, FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	page->out = out;
	page->report = report;
	page->verbose = page->unfolded = page->quiet = false;
	page->indent = 0;
	page->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	page->colour = isatty(fileno(out)) && !(no_colour && *no_colour) &&
		       !(terminal && !strcmp(terminal, "dumb"));
}

const char *page_sign(const struct page *page, enum sign sign)
{
	static const char *const utf8[] = {
		[SIGN_TOP] = "╭─▶ ",	 [SIGN_RAIL] = "│   ",
		[SIGN_BOTTOM] = "╰────", [SIGN_TIMES] = "×",
		[SIGN_MORE] = "⋮",	 [SIGN_TO] = "→",
		[SIGN_CUT] = "✂",	 [SIGN_ELLIPSIS] = "…",
	};
	static const char *const ascii[] = {
		[SIGN_TOP] = ".-> ",	 [SIGN_RAIL] = "|   ",
		[SIGN_BOTTOM] = "`----", [SIGN_TIMES] = "x",
		[SIGN_MORE] = ":",	 [SIGN_TO] = "->",
		[SIGN_CUT] = "8<",	 [SIGN_ELLIPSIS] = "...",
	};

	return page->utf8 ? utf8[sign] : ascii[sign];
}

const char *page_colour(const struct page *page, enum colour colour)
{
	static const char *const codes[] = {
		[PLAIN] = "\033[0m",	[BOLD] = "\033[1m",
		[RED] = "\033[1;31m",	[YELLOW] = "\033[1;33m",
		[GREEN] = "\033[1;32m", [DIM] = "\033[2m",
	};

	return page->colour ? codes[colour] : "";
}

void page_line(const struct page *page, int more)
{
	fprintf(page->out, "%*s", page->indent + more, "");
}

int page_text(const struct page *page, const char *text)
{
	char *shown = text_shown(text, page->utf8);
	int width = 0;

	if (shown) {
		width = text_width(shown);
		fputs(shown, page->out);
	}
	free(shown);
	return width;
}

void page_pad(const struct page *page, int width, int to)
{
	if (width < to)
		fprintf(page->out, "%*s", to - width, "");
}

int text_width(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

const char *text_number(struct report *report, uint64_t number)
{
	char plain[24], grouped[32];
	int n = snprintf(plain, sizeof(plain), "%llu",
			 (unsigned long long)number);
	int i, to = 0;

	for (i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			grouped[to++] = ',';
		grouped[to++] = plain[i];
	}
	return report_copy(report, grouped, (size_t)to);
}

const char *text_plural(struct report *report, uint64_t number, const char *one,
			const char *many)
{
	return text_print(report, "%s %s", text_number(report, number),
			  number == 1 ? one : many);
}

const char *text_size(struct report *report, uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB",
					    "TiB", "PiB", "EiB"};
	double size = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 10000)
		return text_plural(report, bytes, "byte", "bytes");
	for (; size >= 1023.95 && unit + 1 < sizeof(units) / sizeof(*units);
	     unit++)
		size /= 1024;
	return text_print(report, "%.1f %s", size, units[unit]);
}
