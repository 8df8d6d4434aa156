/*
 * The verb `snapshot`: asks a running process for an image of its whole heap,
 * and writes it in the form that Chromium's DevTools load. The process writes
 * the image beside its report, with a number in its name that we choose. We
 * remove it as soon as it is open.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/request.h"
#include "cli/options.h"
#include "cli/request.h"
#include "cli/snapshot.h"
#include "cli/verb.h"
#include "common/die.h"
#include "heap/whole.h"
#include "system/process.h"

struct wish {
	uint64_t about;
	pid_t pid;
	char *file; /* or NULL */
};

/* Whether its name ends with our number. Who answers may be hostile, and name
 * any file of ours, which we would remove. */
static bool is_asked_for(const struct wish *wish, const char *file)
{
	size_t n = strlen(file), length;
	char end[32];

	length = (size_t)snprintf(end, sizeof(end), ".heap-%llx",
				  (unsigned long long)wish->about);
	return n > length && !strcmp(file + n - length, end);
}

static bool answers(const json_t *record, uint64_t seen, void *data)
{
	struct wish *wish = data;
	const char *about = json_string_value(json_object_get(record, "about"));
	const char *file = json_string_value(json_object_get(record, "file"));
	const char *error = json_string_value(json_object_get(record, "error"));

	(void)seen;
	if (!about || strtoull(about, NULL, 16) != wish->about)
		return false;
	if (!file)
		die(STATUS_FAILED, "process %d: %s", (int)wish->pid,
		    error ? error : "it has written no file");
	if (!is_asked_for(wish, file))
		die(STATUS_FAILED,
		    "process %d names a file that was not asked "
		    "for: '%s'",
		    (int)wish->pid, file);
	wish->file = strdup(file);
	if (!wish->file)
		die(STATUS_FAILED, "out of memory");
	return true;
}

/* The process writes a file that nobody else knows. So a signal that is to end
 * us waits until we have removed it; another one later does not. Commands that
 * run us (timeout, say) may send one twice. */
static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};
static volatile sig_atomic_t ended_by;
static volatile time_t ended_at;

static void end_note(int sig)
{
	if (!ended_by) {
		ended_by = sig;
		ended_at = time(NULL);
	} else if (time(NULL) > ended_at + 1) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
}

static void ends_wait(void)
{
	struct sigaction note = {.sa_handler = end_note};
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(end_signals) / sizeof(*end_signals); i++)
		if (!sigaction(end_signals[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			sigaction(end_signals[i], &note, NULL);
}

static void ends_come(void)
{
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(end_signals) / sizeof(*end_signals); i++)
		if (!sigaction(end_signals[i], NULL, &old) &&
		    old.sa_handler == end_note)
			signal(end_signals[i], SIG_DFL);
	if (ended_by)
		raise(ended_by);
}

/* Opens the file, which has no other name then. */
static FILE *image_take(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) ||
	    status.st_nlink != 1) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	unlink(path);
	return fdopen(fd, "r");
}

/* By the process's own root, which may be a container's; else by ours. */
static FILE *image_open(const struct wish *wish)
{
	FILE *image;
	char *path;

	if (asprintf(&path, "/proc/%d/root%s", (int)process_thread(wish->pid),
		     wish->file) < 0)
		die(STATUS_FAILED, "out of memory");
	image = image_take(path);
	free(path);
	if (!image)
		image = image_take(wish->file);
	if (!image)
		die(STATUS_FAILED, "cannot open '%s': %s", wish->file,
		    strerror(errno));
	return image;
}

static void output_die(const char *path, bool made)
{
	int error = errno;

	if (made)
		unlink(path);
	die(STATUS_FAILED, "cannot write '%s': %s", path, strerror(error));
}

/* A file that was made here is removed when it cannot be written. */
static void image_convert(FILE *image, const char *path, bool made, FILE *out)
{
	const char *wrong = heap_convert(image, out);

	fclose(image);
	if (wrong) {
		if (made)
			unlink(path);
		die(STATUS_FAILED, "cannot read the image of the heap: %s",
		    wrong);
	}
	if (fflush(out) || ferror(out) || fclose(out))
		output_die(path, made);
}

/* *made: the file was not there before, or is emptied. */
static FILE *output_open(const char *path, bool *made)
{
	struct stat status;
	FILE *out;

	*made = stat(path, &status) != 0;
	out = fopen(path, "we");
	if (!out)
		output_die(path, false);
	*made |= !stat(path, &status) && S_ISREG(status.st_mode);
	return out;
}

static int snapshot_main(const struct settings *settings, char **operands)
{
	struct wish wish = {0};
	struct wanted wanted = {
		.type = "heap",
		.done = "answered",
		.answers = answers,
		.data = &wish,
	};
	FILE *image, *out;
	bool made;

	if (!operands[0])
		usage_die(&verb_snapshot, "no PID given");
	if (operands[1])
		usage_die(&verb_snapshot, "one PID only, not '%s' as well",
			  operands[1]);
	if (!settings->output)
		usage_die(&verb_snapshot, "no FILE given: -o FILE");
	wish.pid =
		process_behind_command(pid_read(&verb_snapshot, operands[0]));
	if (getrandom(&wish.about, sizeof(wish.about), 0) != sizeof(wish.about))
		die(STATUS_FAILED, "no random number: %s", strerror(errno));
	wish.about &= GORDIAN_ABOUT;
	wanted.value = GORDIAN_HEAP | wish.about;
	ends_wait();
	close(request_make(wish.pid, &wanted));
	image = image_open(&wish);
	ends_come();
	out = output_open(settings->output, &made);
	image_convert(image, settings->output, made, out);
	free(wish.file);
	return 0;
}

const struct verb verb_snapshot = {
	.name = "snapshot",
	.synopsis = "snapshot -o FILE.heapsnapshot PID",
	.about = "write the whole heap of a running process, for DevTools",
	.text = "Asks a process that runs under Gordian for all its blocks, "
		"and writes them\nto FILE in the form that the Memory panel of "
		"Chromium's DevTools loads.",
	.examples = "  gordian snapshot 4711 -o server.heapsnapshot\n",
	.mask = MASK_SNAPSHOT,
	.usage_status = STATUS_USAGE,
	.main = snapshot_main,
};
