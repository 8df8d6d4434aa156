/* See lastline.h. */
#include "base/text.h"
#include "process/pid.h"
#include "report/family.h"
#include "report/file.h"
#include "report/lastline.h"

/* family.h tells of a forked child. */
void lastline_none(void)
{
	char line[4096];
	struct text t = {line, sizeof line, 0};

	if (file_is_forks())
		return;
	text_add(&t, "{\"t\":\"clean\",\"pid\":");
	text_number(&t, pid_own());
	family_close(&t);
	text_add(&t, "}\n");
	file_home_line(line, t.used);
}

void lastline_end(int status, uint32_t scan)
{
	char line[4096];
	struct text t = {line, sizeof line, 0};

	if (scan && !file_is_kept() && !file_is_there()) {
		lastline_none();
		return;
	}
	if (file_descriptor() < 0 && file_is_kept())
		return;
	if (file_ensure_quietly()) {
		family_unwritten();
		return;
	}
	text_add(&t, "{\"t\":\"end\",\"exit\":");
	text_number(&t, status);
	text_add(&t, ",\"scan\":");
	text_number(&t, scan);
	family_close(&t);
	text_add(&t, "}\n");
	file_line(line, t.used);
}
