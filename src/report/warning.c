/*
 * See warning.h.
 */
#include <errno.h>
#include "base/out.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "report/file.h"
#include "report/warning.h"

static int warn(const char *text, uint32_t asked, const char *more)
{
	char line[1024];
	struct text t = {line, sizeof line, 0};

	if (file_ensure())
		return -EBADF;
	text_add(&t, "{\"t\":\"warning\",\"text\":");
	text_json(&t, text);
	if (asked) {
		text_add(&t, ",\"scan\":");
		text_number(&t, asked);
	}
	text_add(&t, more);
	text_add(&t, "}\n");
	return file_line(line, t.used);
}

void warning_add(const char *text)
{
	(void)!warn(text, 0, "");
}

void warning_told(const char *text)
{
	(void)!warn(text, 0, ",\"told\":true");
}

void warning_missing(const char *text)
{
	(void)!warn(text, 0, ",\"missing\":true");
}

void warning_failure(const char *text, uint32_t asked, uint32_t *told)
{
	if (*told && !asked)
		return;
	if (warn(text, asked, "")) {
		if (!*told && !sandbox_is_closed())
			out_note(text);
		if (asked)
			file_unanswered();
	}
	*told = true;
}
