/*
 * See proc.h. The two are files, not directories: an open directory leads out
 * of a chroot, and programs that confine themselves refuse to go on with one.
 *
 * Under the stop lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "base/arena.h"
#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"

#define TEXT_MAX (16ul << 20) /* enough for 65,530 mappings */

struct kept {
	int fd;
	dev_t dev;
	ino_t ino;
};
static struct kept maps = {.fd = -1}, status = {.fd = -1};
static bool keeping;
static char *text; /* of maps */
static size_t text_bytes;

/* The program may have closed it and used the number again. */
static bool is_there(const struct kept *kept)
{
	struct stat st;

	return kept->fd >= 0 && !sys(SYS_fstat, kept->fd, &st) &&
	       st.st_dev == kept->dev && st.st_ino == kept->ino;
}

static void drop(struct kept *kept)
{
	if (is_there(kept))
		sys(SYS_close, kept->fd);
	kept->fd = -1;
}

static bool keep(struct kept *kept, const char *path)
{
	struct stat st;

	kept->fd = fd_high(fd_open_proc(path, O_RDONLY));
	if (kept->fd < 0 || sys(SYS_fstat, kept->fd, &st))
		return false;
	kept->dev = st.st_dev;
	kept->ino = st.st_ino;
	return true;
}

static void drop_all(void)
{
	drop(&maps);
	drop(&status);
	keeping = false;
}

void proc_keep(void)
{
	if (keeping)
		return;
	keeping = keep(&maps, "self/maps") & keep(&status, "self/status");
	if (!keeping)
		drop_all();
}

static bool is_reachable(const char *path, int flags)
{
	long fd = fd_open_proc(path, O_RDONLY | flags);

	if (sys_failed(fd))
		return false;
	sys(SYS_close, fd);
	return true;
}

void proc_look(void)
{
	if (keeping && is_reachable("self/maps", 0) &&
	    is_reachable("self/task", O_DIRECTORY))
		drop_all();
}

bool proc_is_kept(void)
{
	return keeping;
}

long proc_status(char *to, size_t room)
{
	if (!is_there(&status))
		return -EBADF;
	return sys(SYS_pread64, status.fd, to, room, 0);
}

int proc_note_maps(void)
{
	long n;

	if (!text)
		text = arena_map(TEXT_MAX);
	if (!text)
		return -ENOMEM;
	if (!is_there(&maps))
		return -EBADF;
	text_bytes = 0;
	while (text_bytes < TEXT_MAX &&
	       (n = sys(SYS_pread64, maps.fd, text + text_bytes,
			TEXT_MAX - text_bytes, text_bytes)) > 0)
		text_bytes += n;
	return text_bytes ? 0 : -EBADF;
}

const char *proc_maps(size_t *bytes)
{
	*bytes = text_bytes;
	return text;
}

void proc_forked(void)
{
	drop_all();
}

const char *proc_field(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? at + strlen(word) : "";
}

uint64_t proc_decimal(const char *s)
{
	uint64_t n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	return n;
}
