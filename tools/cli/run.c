/*
 * The verb `run`: PROGRAM with the library preloaded, then what it found.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/accepted.h"
#include "cli/child.h"
#include "cli/collect.h"
#include "cli/options.h"
#include "cli/rules.h"
#include "cli/run.h"
#include "cli/target.h"
#include "cli/verb.h"
#include "common/die.h"
#include "meaning/explain.h"
#include "model/finish.h"
#include "model/memory.h"
#include "model/model.h"
#include "render/render.h"
#include "render/view.h"
#include "system/program.h"

#define LIBRARY "libgordian.so"
#define UNKNOWN_MAX 10

#ifndef GORDIAN_LIBDIR
#define GORDIAN_LIBDIR "/usr/local/lib"
#endif

static char *format(const char *pattern, const char *a, const char *b)
	__attribute__((format(printf, 1, 0)));

static char *format(const char *pattern, const char *a, const char *b)
{
	char *text;

	if (asprintf(&text, pattern, a, b) < 0)
		die(STATUS_RUN_FAILED, "out of memory");
	return text;
}

/* This command's directory; without /proc, by the name with which it was
 * executed. */
static void self_find(char self[static PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);

	self[n > 0 ? n : 0] = '\0';
	if (n <= 0 && !realpath((const char *)getauxval(AT_EXECFN), self))
		self[0] = '\0';
	if (strrchr(self, '/'))
		*strrchr(self, '/') = '\0';
}

/* Beside the command where it was built, else where both were installed. */
static char *library_find(void)
{
	static const char *const places[] = {
		"%s/" LIBRARY, "%s/.libs/" LIBRARY, "%s/../lib/" LIBRARY,
		"%s/../lib/x86_64-linux-gnu/" LIBRARY,
		GORDIAN_LIBDIR "/" LIBRARY};
	char self[PATH_MAX], *path, *whole = NULL;
	size_t i;

	self_find(self);
	for (i = 0; !whole && i < sizeof(places) / sizeof(*places); i++) {
		path = format(places[i], self, "");
		if (!access(path, R_OK))
			whole = realpath(path, NULL);
		free(path);
	}
	if (!whole)
		die(STATUS_RUN_FAILED,
		    "cannot find " LIBRARY ": not beside '%s/gordian', and "
		    "not in " GORDIAN_LIBDIR,
		    self);
	return whole;
}

/* The loader splits LD_PRELOAD at spaces and colons and knows no escape: such
 * a library is reached through a link. */
static char *link_directory;

static char *library_linked(char *library)
{
	static char directory[] = "/tmp/gordian-XXXXXX";
	char *path;

	if (!strpbrk(library, " :"))
		return library;
	if (!mkdtemp(directory) || chmod(directory, 0755))
		die(STATUS_RUN_FAILED,
		    "'%s' cannot be preloaded: its path has a space or a "
		    "colon, and no link to it can be made in /tmp: %s",
		    library, strerror(errno));
	path = format("%s/%s", directory, LIBRARY);
	if (symlink(library, path))
		die(STATUS_RUN_FAILED, "cannot make '%s': %s", path,
		    strerror(errno));
	link_directory = directory;
	free(library);
	return path;
}

static void link_remove(void)
{
	char *path;

	if (!link_directory)
		return;
	path = format("%s/%s", link_directory, LIBRARY);
	unlink(path);
	rmdir(link_directory);
	free(path);
}

/* Makes a token that no other run ever has: pid and start time name the
 * process, the random part a machine and boot. */
static char *token_make(void)
{
	unsigned long long noise = 0, started = 0;
	char line[1024], *p, *token;
	FILE *file = fopen("/proc/self/stat", "re");
	int field;

	if (file && fgets(line, sizeof(line), file) && (p = strrchr(line, ')')))
		for (field = 2; field < 22 && p; field++) {
			p = strchr(p + 1, ' ');
			started = p ? strtoull(p + 1, NULL, 10) : 0;
		}
	if (file)
		fclose(file);
	if (getrandom(&noise, sizeof(noise), GRND_NONBLOCK) < 0)
		noise = (unsigned long long)(uintptr_t)&noise;
	if (asprintf(&token, "%d-%llu-%016llx", (int)getpid(), started, noise) <
	    0)
		die(STATUS_RUN_FAILED, "out of memory");
	return token;
}

static void option_append(FILE *out, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, ":%s=", key);
	for (; *value; value++) {
		if (*value == ':' || *value == '\\')
			fputc('\\', out);
		fputc(*value, out);
	}
}

/* Checked before, so that nothing runs when a line is wrong. */
static void rules_append(FILE *out, const struct settings *settings)
{
	char *path;
	size_t i;

	for (i = 0; i < settings->rules_n; i++) {
		path = rules_check(settings->rules[i]);
		option_append(out, "rules", path);
		free(path);
	}
}

static void environment_set(const struct settings *settings,
			    const char *pattern, const char *token)
{
	const char *before = getenv("LD_PRELOAD");
	char *library = library_linked(library_find());
	char *preload, *options = NULL;
	size_t n;
	FILE *out = open_memstream(&options, &n);

	if (!out)
		die(STATUS_RUN_FAILED, "out of memory");
	fprintf(out, "run=%s:plain=no", token);
	option_append(out, "report", pattern);
	if (!settings->report)
		option_append(out, "keep", "no");
	option_append(out, "interval", settings->interval);
	option_append(out, "threshold", settings->threshold);
	option_append(out, "budget", settings->budget);
	option_append(out, "memory", settings->memory);
	rules_append(out, settings);
	option_append(out, "follow", settings->follow ? "yes" : "no");
	if (!settings->python_stacks)
		option_append(out, "python-stacks", "no");
	if (fclose(out))
		die(STATUS_RUN_FAILED, "out of memory");
	preload = before && *before ? format("%s:%s", library, before)
				    : strdup(library);
	if (!preload || setenv("LD_PRELOAD", preload, 1) ||
	    setenv("GORDIAN_OPTIONS", options, 1) ||
	    setenv("PYTHONMALLOC", "malloc", 0))
		die(STATUS_RUN_FAILED, "out of memory");
	free(preload);
	free(options);
	free(library);
}

static void blind_say(const char *name, const struct program_file *program)
{
	if (program->blind)
		complain("warning: '%s' %s: nothing of it can be seen", name,
			 program->blind);
}

static bool has_alarm(const struct report *report)
{
	const struct finding *finding;

	for (finding = report->findings; finding; finding = finding->hh.next)
		if (finding_is_alarm(finding))
			return true;
	return false;
}

/* There is no report: says why, unless that was said before PROGRAM ran. */
static void nothing_say(const char *name, const struct program_file *program,
			const char *pattern)
{
	struct stat status;

	if (!stat(pattern, &status) && !S_ISREG(status.st_mode))
		note("the report went to '%s' and cannot be read back",
		     pattern);
	else if (!program->blind)
		complain("warning: '%s' wrote no report: the library was not "
			 "loaded into it, or could not write",
			 name);
}

/* Says why a job that asks for a status does not pass, when nothing is
 * printed. */
static void unknown_say(const struct settings *settings,
			const struct report *report)
{
	const struct text *text;
	int n = 0;

	if (settings->view.format == FORMAT_TEXT)
		return;
	for (text = report->unknown; text && n < UNKNOWN_MAX; n++) {
		complain("unknown: %s", text->text);
		text = text->next;
	}
}

/* The exit status. Without --error-exitcode it is PROGRAM's own. With it, what
 * was found comes first, then PROGRAM's own status, then what is unknown. */
static int status_of(const struct settings *settings,
		     const struct report *report, size_t reports, int status)
{
	if (!settings->error_exitcode)
		return status;
	if (has_alarm(report))
		return settings->error_exitcode;
	if (status || (reports && !report->unknown))
		return status;
	unknown_say(settings, report);
	return STATUS_RUN_FAILED;
}

/* Says where the files are, for people who will want to look again. */
static void place_say(const struct settings *settings, const char *first,
		      size_t n)
{
	char here[4096];
	size_t length = getcwd(here, sizeof(here)) ? strlen(here) : 0;

	if (settings->view.format != FORMAT_TEXT)
		return;
	if (length > 1 && !strncmp(first, here, length) && first[length] == '/')
		first += length + 1;
	if (n > 1)
		note("the reports are '%s' and %zu more", first, n - 1);
	else
		note("the report is '%s'; gordian report --verbose shows "
		     "every block and frame of it",
		     first);
}

static void print_all(const struct settings *settings, struct report *report,
		      struct accepted *accepted, const char *first, size_t n)
{
	report_finish(report);
	if (settings->view.format != FORMAT_NONE || accepted_asks(accepted))
		report_explain(report);
	accepted_settle(accepted, report);
	report_render(report, &settings->view, stderr);
	if (report->findings)
		place_say(settings, first, n);
	report_damages(report);
}

static int run_main(const struct settings *settings, char **operands)
{
	struct report *report = report_new();
	struct program_file program;
	struct accepted accepted;
	char *pattern, *token, *first;
	size_t n;
	int status;
	pid_t pid;

	if (!*operands)
		usage_die(&verb_run, "no PROGRAM given");
	accepted = accepted_open(settings, STATUS_RUN_FAILED);
	program = program_inspect(*operands);
	pattern = pattern_prepare(settings->report);
	token = token_make();
	if (!program.refuses)
		environment_set(settings, pattern, token);
	atexit(link_remove);
	blind_say(*operands, &program);
	status = child_run(operands, &pid);
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				     : WEXITSTATUS(status);
	report->run_pid = pid;
	report->run_exit = status;
	n = reports_collect(report, pattern, token, pid, status, &first);
	if (n)
		print_all(settings, report, &accepted, first, n);
	else
		nothing_say(*operands, &program, pattern);
	status = status_of(settings, report, n, status);
	accepted_close(&accepted);
	report_free(report);
	free(program.path);
	free(pattern);
	free(token);
	free(first);
	return status;
}

const struct verb verb_run = {
	.name = "run",
	.synopsis = "run [options] [--] PROGRAM [ARG...]",
	.about = "run a program and print what it leaks",
	.text = "Runs PROGRAM under Gordian and, after it has ended, prints "
		"the "
		"cycles and\nblocks that it leaked. Its output and exit status "
		"stay its own.",
	.examples = "  gordian run -- ./server -f\n"
		    "  gordian run --interval=60 --report=/tmp/server.jsonl -- "
		    "./server\n"
		    "  gordian run --error-exitcode=9 --quiet -- make check\n",
	.mask = MASK_RUN,
	.usage_status = STATUS_RUN_FAILED,
	.main = run_main,
};
