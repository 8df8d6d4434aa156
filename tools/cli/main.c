/*
 * The command: finds the verb, reads its options, runs it.
 */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/diff.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/snapshot.h"
#include "cli/verb.h"
#include "cli/why.h"
#include "common/die.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

static const struct verb *const verbs[] = {&verb_run,	&verb_report,
					   &verb_check, &verb_diff,
					   &verb_why,	&verb_snapshot};

#define VERBS_N (sizeof(verbs) / sizeof(verbs[0]))

static void help(FILE *out)
{
	size_t i;

	fputs("Usage: gordian VERB [options] ...\n"
	      "Finds leaked reference cycles and lost blocks in running "
	      "programs, and says\nwhich reference to cut.\n\nVerbs:\n",
	      out);
	for (i = 0; i < VERBS_N; i++)
		fprintf(out, "  %-10s %s\n", verbs[i]->name, verbs[i]->about);
	fputs("  help VERB  say more about a verb; so does VERB --help\n\n"
	      "Options:\n"
	      "  -h, --help     this text\n"
	      "      --version  the version\n\n"
	      "Example:\n"
	      "  gordian run -- ./program\n\n"
	      "Files that options name: gordian-rules(5), "
	      "gordian-suppressions(5)\n",
	      out);
}

/* Prints help for a name that is no verb, but has a page of the manual. False:
 * the name has no page. */
static bool file_help(const char *name)
{
	if (strcmp(name, "rules") && strcmp(name, "suppressions"))
		return false;
	printf("What a file for --%s holds: man 5 gordian-%s\n"
	       "(where Gordian is not installed: man tools/gordian-%s.5)\n",
	       name, name, name);
	return true;
}

static const struct verb *verb_find(const char *name)
{
	size_t i;

	for (i = 0; i < VERBS_N; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	if (strchr(name, '/') &&
	    !access(name, X_OK)) /* the user forgot `run` */
		die(STATUS_USAGE, "unknown verb '%s' (try 'gordian run %s')",
		    name, name);
	die(STATUS_USAGE, "unknown %s '%s' (try 'gordian --help')",
	    name[0] == '-' ? "option" : "verb", name);
}

/* A file that is opened later must not become standard error. A closed
 * descriptor stays closed for PROGRAM: /dev/null goes at exec. To us it is as
 * good as closed: it is opened the wrong way. */
static void standard_files(void)
{
	int fd, way;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", way | O_CLOEXEC);
	}
}

static int output_end(int status)
{
	if (fflush(stdout) || ferror(stdout))
		die(status ? status : STATUS_FAILED,
		    "cannot write to standard output");
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings = {.follow = true, .python_stacks = true};
	const struct verb *verb;

	(void)argc;
	standard_files();
	setlocale(LC_CTYPE, "");
	if (!argv[0] || !argv[1]) {
		help(stderr);
		return STATUS_USAGE;
	}
	argv++;
	if (!strcmp(*argv, "--version")) {
		puts("gordian " PACKAGE_VERSION);
		return output_end(0);
	}
	if (!strcmp(*argv, "--help") || !strcmp(*argv, "-h") ||
	    (!strcmp(*argv, "help") && (!argv[1] || !strcmp(argv[1], "help") ||
					!strcmp(argv[1], "--help")))) {
		help(stdout);
		return output_end(0);
	}
	if (!strcmp(*argv, "help")) {
		if (!file_help(argv[1]))
			verb_help(verb_find(argv[1]));
		return output_end(0);
	}
	verb = verb_find(*argv);
	argv = options_parse(verb, argv + 1, &settings);
	messages_quiet = settings.quiet;
	return verb->main(&settings, argv);
}
