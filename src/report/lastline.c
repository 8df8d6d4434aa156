/* See lastline.h. */
#include "base/config.h"
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

/* A program that is not looked at. Nobody waits for its lines without the
 * command. */
void lastline_aside(void)
{
	char line[96];
	struct text t = {line, sizeof line, 0};

	if (config.plain)
		return;
	file_begin();
	if (file_is_kept()) {
		text_add(&t, "{\"t\":\"aside\"}\n");
		file_line(line, t.used);
	} else {
		text_add(&t, "{\"t\":\"clean\",\"pid\":");
		text_number(&t, pid_own());
		text_add(&t, ",\"aside\":true}\n");
		file_home_line(line, t.used);
	}
	file_leave();
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
