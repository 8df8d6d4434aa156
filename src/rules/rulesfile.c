/*
 * See rulesfile.h. A file is a regular one, so that nobody waits for it. Where
 * everybody may make files, another user's is not obeyed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/config.h"
#include "base/statement.h"
#include "base/sys.h"
#include "base/text.h"
#include "rules/rulesfile.h"
#include "rules/rulings.h"

#define WORDS (CONFIG_PATH + 256)

struct complaint {
	const char *path;
	void (*say)(const char *text);
	uint32_t n;
};

static void complain(struct complaint *c, uint32_t line, const char *why)
{
	char words[WORDS];
	struct text t = {words, sizeof words, 0};

	if (c->n++ >= RULESFILE_COMPLAINTS)
		return;
	text_add(&t, c->path);
	text_add(&t, ":");
	if (line) {
		text_number(&t, line);
		text_add(&t, ":");
	}
	text_add(&t, " ");
	text_add(&t,
		 c->n == RULESFILE_COMPLAINTS ? "more lines are wrong" : why);
	c->say(words);
}

static void on_refusal(uint32_t line, const char *why, void *data)
{
	complain(data, line, why);
}

/* Whether everybody may make files where it is. */
static bool is_open_place(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[CONFIG_PATH];
	size_t n = slash ? slash - path : 0;
	struct stat st;

	if (n >= sizeof directory)
		return true;
	memcpy(directory, path, n);
	directory[n] = 0;
	return sys_failed(sys(SYS_stat, n ? directory : "/", &st)) ||
	       st.st_mode & S_IWOTH;
}

static const char *refusal(const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "it is no regular file";
	if (st->st_size > (off_t)RULES_FILE_MOST)
		return "it is larger than 1 MB";
	if (st->st_uid && st->st_uid != (uint32_t)sys(SYS_geteuid) &&
	    is_open_place(path))
		return "it belongs to another user, in a directory where "
		       "everybody may make files";
	return NULL;
}

static const char *read_all(int fd, char *room, size_t size, size_t *n)
{
	long got;

	for (*n = 0; *n < size; *n += got) {
		got = sys(SYS_read, fd, room + *n, size - *n);
		if (sys_failed(got))
			return "it cannot be read";
		if (!got)
			break;
	}
	return NULL;
}

static const char *read_opened(int fd, struct complaint *c)
{
	struct stat st;
	const char *why;
	char *text;
	size_t n;

	if (sys_failed(sys(SYS_fstat, fd, &st)))
		return "it cannot be read";
	why = refusal(c->path, &st);
	if (why || !st.st_size)
		return why;
	text = arena_map(st.st_size);
	if (!text)
		return "there is not enough memory";
	why = read_all(fd, text, st.st_size, &n);
	if (!why)
		rulings_read(text, n, on_refusal, c);
	arena_unmap(text, st.st_size);
	return why;
}

void rulesfile_read(const char *path, void (*say)(const char *text))
{
	struct complaint c = {path, say, 0};
	long fd = sys(SYS_open, path,
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *why;

	if (sys_failed(fd)) {
		complain(&c, 0,
			 fd == -ENOENT ? "there is no such file"
				       : "it cannot be opened");
		return;
	}
	why = read_opened(fd, &c);
	sys(SYS_close, fd);
	if (why)
		complain(&c, 0, why);
}
