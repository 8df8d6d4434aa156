/*
 * See summary.h. The command is searched beside the library, where it is
 * installed with it, and on PATH.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/config.h"
#include "base/large.h"
#include "base/out.h"
#include "base/sys.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/members.h"
#include "graph/finding.h"
#include "graph/findings.h"
#include "report/file.h"
#include "report/summary.h"
#include "report/words.h"
#include "stack/depot.h"
#include "stack/module.h"
#include "stack/python_code.h"
#include "stack/python_frames.h"
#include "stack/stack.h"

struct scan;

#define FINDINGS 20 /* printed here; the report has all */
#define MEMBERS 5
#define FRAMES 30
#define ACCEPTED 64   /* files of suppressions, and a baseline */
#define NOT_FOUND 127 /* exit status */

/* The environment, without the words that would load us again. */
static char **environment(void)
{
	char **from, **to = environ;

	for (from = environ; from && *from; from++)
		if (strncmp(*from, "LD_PRELOAD=", 11) &&
		    strncmp(*from, "GORDIAN_OPTIONS=", 16))
			*to++ = *from;
	if (to)
		*to = NULL;
	return environ;
}

static void become(const char *dir, size_t n, const char *rest)
{
	char path[CONFIG_PATH];
	struct text t = {path, sizeof path, 0};
	char *argv[ACCEPTED + 6] = {"gordian", "report", "--at-end"};
	const char *word = config.accept;
	uint32_t i = 3;

	if (n >= sizeof path)
		return;
	for (; *word && i < ACCEPTED + 3; word += strlen(word) + 1)
		argv[i++] = (char *)word;
	argv[i++] = "--";
	argv[i] = file_is_nowhere() ? "-" : (char *)file_path();
	memcpy(path, dir, n);
	t.used = n;
	path[n] = 0;
	text_add(&t, rest);
	sys(SYS_execve, path, argv, environ);
}

static void try_path(void)
{
	const char *path = getenv("PATH"), *end;

	while (path && *path) {
		end = strchrnul(path, ':');
		if (*path == '/')
			become(path, end - path, "/gordian");
		path = *end ? end + 1 : end;
	}
}

static void become_gordian(void)
{
	static const char mark;
	struct dl_find_object found;
	const char *library = "", *slash;
	uint64_t none = 0, limit[2];

	environment();
	if (!sys(SYS_prlimit64, 0, RLIMIT_CPU, 0, limit)) {
		limit[0] = limit[1]; /* the scan's own limit ends here */
		sys(SYS_prlimit64, 0, RLIMIT_CPU, limit, 0);
	}
	sys(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &none, 0, 8);
	sys(SYS_dup2, 2, 1);
	if (file_is_nowhere() && sys(SYS_dup2, file_descriptor(), 0) == 0)
		sys(SYS_lseek, 0, 0, SEEK_SET);
	if (!_dl_find_object((void *)&mark, &found))
		library = found.dlfo_link_map->l_name;
	slash = strrchr(library, '/');
	if (slash) {
		become(library, slash - library, "/gordian");
		become(library, slash - library, "/../bin/gordian");
		become(library, slash - library, "/../../bin/gordian");
	}
	try_path();
}

static void add_amount(struct text *t, const char *before, uint64_t n,
		       const char *after)
{
	text_add(t, before);
	text_number(t, n);
	text_add(t, after);
}

static void add_stack(struct text *t, uint32_t id)
{
	uint32_t n = 0;

	for (id = stack_outwards(id); id && n < FRAMES; n++) {
		struct depot_frame f = depot_frame(id);

		text_add(t, "    ");
		if (f.module && f.module == python_module()) {
			struct python_place place = python_place(f.pc);

			text_add(t, place.function);
			text_add(t, " ");
			text_add(t, place.file);
			text_add(t, ":");
			text_number(t, place.line);
		} else if (f.module) {
			const struct module *m = module_get(f.module);

			text_add(t, m->path);
			text_add(t, "+0x");
			text_hex(t, f.pc - m->bias);
		} else {
			text_add(t, "0x");
			text_hex(t, f.pc);
		}
		text_add(t, "\n");
		id = stack_outwards(f.parent);
	}
}

static void print_finding(const struct scan *scan, const struct finding *f)
{
	static char buffer[64 << 10] LARGE;
	struct text t = {buffer, sizeof buffer, 0};
	uint32_t i;

	text_add(&t, words_title[f->kind]);
	add_amount(&t, " ", f->count,
		   f->count == 1 ? " instance" : " instances");
	add_amount(&t, ", ", f->bytes, " bytes");
	if (f->retained_bytes)
		add_amount(&t, ", keeps ", f->retained_bytes, " bytes more");
	text_add(&t, "\n");
	for (i = 0; i < f->members_n && i < MEMBERS; i++) {
		struct evidence_member member =
			members_node(scan, f->members[i]);

		add_amount(&t, "  [", i, "] ");
		text_number(&t, member.size);
		text_add(&t, " bytes allocated by\n");
		add_stack(&t, member.stack);
	}
	out_show(buffer, t.used);
}

/* "2 findings; with names: gordian report x.jsonl" */
static void note_count(uint32_t n, const char *what, const char *then)
{
	char note[CONFIG_PATH + 128];
	struct text t = {note, sizeof note, 0};

	text_number(&t, n);
	text_add(&t, what);
	if (!file_is_nowhere()) {
		text_add(&t, then);
		text_add(&t, "gordian report ");
		text_add(&t, file_path());
	}
	out_note(note);
}

static void print_findings(const struct scan *scan,
			   const struct findings *findings)
{
	uint32_t i, alarms = 0, undecided = 0;

	for (i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->list[i];

		undecided += f->undecided;
		if (finding_is_alarm(f) && alarms++ < FINDINGS)
			print_finding(scan, f);
	}
	if (undecided)
		note_count(undecided,
			   undecided == 1 ? " ring that only types can decide"
					  : " rings that only types can decide",
			   ": ");
	if (alarms)
		note_count(alarms, alarms == 1 ? " finding" : " findings",
			   "; with names: ");
}

/* Runs in a process of its own below this one. A child that executes a program
 * gets SIGCHLD as its exit signal, which the program would see. */
static bool run_gordian(void)
{
	int status = 0;
	long pid = sys(SYS_clone, 0, 0, 0, 0, 0), got;

	if (!pid) {
		become_gordian();
		sys(SYS_exit_group, NOT_FOUND);
	}
	if (sys_failed(pid))
		return false;
	do
		got = sys(SYS_wait4, pid, &status, __WALL, 0);
	while (got == -EINTR);
	return got == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) != NOT_FOUND;
}

void summary_print(const struct scan *scan, const struct findings *findings)
{
	if (out_has_stderr() && !run_gordian())
		print_findings(scan, findings);
}
