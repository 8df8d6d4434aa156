/*
 * See cgroup.h. Control groups of version 2. When memory is short the kernel
 * ends one process, and a scan's child is the first that it takes. But with
 * memory.oom.group, which Kubernetes sets, it ends the whole group. The groups
 * are looked at from the innermost outwards, as the kernel does. A group
 * further out counts once it, or one within it, is to end as a whole.
 */
#include <fcntl.h>
#include <string.h>
#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"
#include "snapshot/cgroup.h"

#define MOUNT "/sys/fs/cgroup"
#define PATH 1024
#define TEXT 4096
#define OWN "0::" /* the line of version 2 in /proc/self/cgroup */

static size_t read_file(const char *group, const char *name, char *text)
{
	char path[PATH + 32];
	struct text t = {path, sizeof path, 0};

	text_add(&t, group);
	text_add(&t, "/");
	text_add(&t, name);
	return fd_read_text(
		sys(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), text,
		TEXT);
}

/* "max" is no number, and no limit. */
static uint64_t number(const char *at)
{
	uint64_t n = 0;

	if (!at || *at < '0' || *at > '9')
		return UINT64_MAX;
	for (; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (*at - '0');
	return n;
}

static uint64_t number_in(const char *group, const char *name)
{
	char text[TEXT];

	read_file(group, name, text);
	return number(text);
}

/* A field of memory.stat. */
static uint64_t field(const char *stat, const char *name)
{
	const char *at = strstr(stat, name);
	uint64_t n = at ? number(at + strlen(name)) : UINT64_MAX;

	return n == UINT64_MAX ? 0 : n;
}

/* What is left of one group's limit. Pages of files can be given up. */
static uint64_t left_in(const char *group)
{
	uint64_t most = number_in(group, "memory.max");
	uint64_t used = number_in(group, "memory.current"), files;
	char stat[TEXT];

	if (most == UINT64_MAX || used == UINT64_MAX)
		return UINT64_MAX;
	read_file(group, "memory.stat", stat);
	files = field(stat, "\nactive_file ") + field(stat, "\ninactive_file ");
	used -= files < used ? files : used;
	return most > used ? most - used : 0;
}

uint64_t cgroup_left_of(const char *mount, const char *path)
{
	uint64_t left = UINT64_MAX, here;
	bool whole = false;
	char group[PATH];
	struct text t = {group, sizeof group, 0};
	size_t top = strlen(mount), n;

	if (top + strlen(path) >= sizeof group)
		return UINT64_MAX;
	text_add(&t, mount);
	text_add(&t, path);
	for (n = strlen(group); n >= top; n--) {
		if (n > top && group[n] && group[n] != '/')
			continue;
		group[n] = 0;
		whole |= number_in(group, "memory.oom.group") == 1;
		here = whole ? left_in(group) : UINT64_MAX;
		left = here < left ? here : left;
	}
	return left;
}

uint64_t cgroup_left(void)
{
	char text[TEXT], *own = text, *end;

	fd_read_text(fd_open_proc("self/cgroup", O_RDONLY), text, sizeof text);
	while (own && strncmp(own, OWN, strlen(OWN)) != 0) {
		own = strchr(own, '\n');
		own += own != NULL;
	}
	if (!own || !*own)
		return UINT64_MAX;
	own += strlen(OWN);
	end = strchr(own, '\n');
	if (end)
		*end = 0;
	return cgroup_left_of(MOUNT, own);
}
