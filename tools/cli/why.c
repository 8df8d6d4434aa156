/*
 * The verb `why`: asks a running process what holds a block, and prints the
 * path from the root.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/request.h"
#include "cli/options.h"
#include "cli/request.h"
#include "cli/verb.h"
#include "cli/why.h"
#include "common/die.h"
#include "common/lines.h"
#include "common/text.h"
#include "meaning/explain.h"
#include "meaning/trace.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/path.h"
#include "model/source.h"
#include "render/render_path.h"
#include "render/root.h"

struct question {
	uint64_t address;
	json_t *answer;
};

static uint64_t address_read(const char *word)
{
	const char *digits = text_begins(word, "0x") ? word + 2 : word;
	uint64_t address;
	char *end;

	errno = 0;
	address = strtoull(digits, &end, 16);
	if (!*digits || *end || errno || strspn(digits, "+- ") || !address ||
	    address > GORDIAN_ABOUT)
		usage_die(&verb_why, "'%s' is no address", word);
	return address;
}

static bool answers(const json_t *record, uint64_t seen, void *data)
{
	struct question *question = data;
	const char *address =
		json_string_value(json_object_get(record, "address"));

	(void)seen;
	if (!address || strtoull(address, NULL, 16) != question->address)
		return false;
	question->answer = json_incref((json_t *)record);
	return true;
}

/* A finding is known by its meaning once it is explained. */
static const struct finding *finding_explained(struct report *report,
					       const char *id)
{
	struct finding *raw, *finding = NULL;

	HASH_FIND_STR(report->findings, id, raw);
	report_explain(report);
	if (raw && raw->meant)
		HASH_FIND_STR(report->findings, raw->meant->id, finding);
	return finding;
}

/* Of a leak, the report may know more. */
static const struct finding *finding_read(struct report *report, int fd,
					  const struct path *path)
{
	if (!path->finding) {
		close(fd);
		return NULL;
	}
	report->is_part = true;
	lseek(fd, 0, SEEK_SET);
	if (!report_read_file(report, fd, "the report", LINE_MOST, 0))
		return NULL;
	report_finish(report);
	return finding_explained(report, path->finding);
}

static void no_block_die(struct report *report, const struct path *path)
{
	const char *address = path->address ? path->address : "that";

	if (path->root.kind == ROOT_NONE)
		die(STATUS_FAILED, "%s is in no block: nothing is mapped there",
		    address);
	die(STATUS_FAILED, "%s is in no block: it is in %s", address,
	    root_name(report, path));
}

static void path_show(const struct settings *settings, int fd,
		      const json_t *record)
{
	struct report *report = report_new();
	const struct finding *finding = NULL;
	struct path *path;

	path = path_take(report, record);
	path_explain(report, path);
	if (path->held == HELD_NO_BLOCK)
		no_block_die(report, path);
	if (path->held > HELD_BY_DECREE)
		finding = finding_read(report, fd, path);
	else
		close(fd);
	render_path(report, path, finding, &settings->view, stdout);
	if (fflush(stdout))
		die(STATUS_FAILED, "cannot write to standard output: %s",
		    strerror(errno));
	report_free(report);
}

static int why_main(const struct settings *settings, char **operands)
{
	struct question question = {0};
	struct wanted wanted = {
		.type = "path",
		.done = "answered",
		.answers = answers,
		.data = &question,
	};
	pid_t pid;
	int fd;

	if (!operands[0] || !operands[1])
		usage_die(&verb_why,
			  operands[0] ? "no ADDRESS given" : "no PID given");
	if (operands[2])
		usage_die(&verb_why, "one ADDRESS only, not '%s' as well",
			  operands[2]);
	pid = pid_read(&verb_why, operands[0]);
	question.address = address_read(operands[1]);
	wanted.value = GORDIAN_WHY | question.address;
	fd = request_make(pid, &wanted);
	path_show(settings, fd, question.answer);
	json_decref(question.answer);
	return 0;
}

const struct verb verb_why = {
	.name = "why",
	.synopsis = "why [options] PID ADDRESS",
	.about = "print what holds a block of a running process",
	.text = "Asks a process that runs under Gordian for the shortest path "
		"from a root to the\nblock at ADDRESS, and prints it. ADDRESS "
		"is hexadecimal, and may lie inside of\nthe block.",
	.examples = "  gordian why 4711 0x55d0c0a2b0\n"
		    "  gordian why --format=json 4711 0x55d0c0a2b0\n",
	.mask = MASK_WHY,
	.usage_status = STATUS_USAGE,
	.main = why_main,
};
