/*
 * Reads and sorts out /proc/self/maps. Snapshot child only.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/fd.h"
#include "base/large.h"
#include "base/lines.h"
#include "base/proc.h"
#include "base/rows.h"
#include "base/sys.h"
#include "scan/maps.h"

#define MAPS_MIN 512
#define LINE 8192 /* longer paths are cut: their ends decide nothing */

static uint64_t hex(const char **s)
{
	uint64_t n = 0;

	for (;; (*s)++) {
		char c = **s;

		if (c >= '0' && c <= '9')
			n = n * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n * 16 + (c - 'a' + 10);
		else
			return n;
	}
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool is_memory(const char *name)
{
	static const char *const names[] = {
		"/dev/zero", "/dev/shm/",      "/dev/hugepages", "/memfd:",
		"/SYSV",     "/anon_hugepage", "/secretmem"};
	unsigned i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (begins(name, names[i]))
			return true;
	return false;
}

static enum map_kind kind_of(const struct map *map, const char *name)
{
	if (begins(name, "[v")) /* vdso, vvar, vsyscall */
		return MAP_NO_ROOT;
	if (begins(name, "/dev/") && !map->memory)
		return MAP_NO_ROOT;
	if (begins(name, "[stack]"))
		return MAP_OF_STACK;
	if (begins(name, "[heap]"))
		return MAP_OF_HEAP;
	return MAP_FOREIGN;
}

/* low-high perms offset major:minor inode   name */
static void parse_line(const char *s, void *data)
{
	struct maps *out = data;
	uint64_t device, inode = 0;
	struct map *map;

	if (out->n++ >= out->room)
		return;
	map = &out->list[out->n - 1];
	map->low = hex(&s);
	s++;
	map->high = hex(&s);
	map->read = s[1] == 'r';
	map->write = s[2] == 'w';
	map->code = s[3] == 'x';
	map->shared = s[4] == 's';
	s += 6;
	hex(&s);
	s++;
	device = hex(&s) << 20;
	s++;
	device |= hex(&s);
	for (s++; *s >= '0' && *s <= '9'; s++)
		inode = inode * 10 + (*s - '0');
	map->id = inode ? device << 40 ^ inode : 0;
	while (*s == ' ')
		s++;
	map->file = inode != 0;
	map->memory = is_memory(s);
	map->late = MAP_NO_ROOT;
	map->rare = 0;
	map->kind = kind_of(map, s);
}

/* Constant data of files holds no pointer to a block. The exception is what the
 * loader made constant after relocation, right before writable data of the same
 * file. Programs that write and then take away the right to write are rare. */
static bool is_hidden(const struct map *m, const struct map *next)
{
	if (!m->read)
		return true;
	return m->file && !m->write &&
	       !(next && next->id == m->id && next->write &&
		 next->low == m->high);
}

/* A file from which code is mapped is a module, and its other mappings are its
 * data. So is anonymous memory right behind (bss). */
static void find_modules(struct maps *maps, uint64_t *id)
{
	uint32_t i, n = 0;
	const struct map *next, *before;

	for (i = 0; i < maps->n; i++)
		if (maps->list[i].code && maps->list[i].id &&
		    (!n || id[n - 1] != maps->list[i].id))
			id[n++] = maps->list[i].id;
	rows_sort(id, sizeof *id, n);
	for (i = 0; i < maps->n; i++) {
		struct map *m = &maps->list[i];

		before = i ? m - 1 : NULL;
		next = i + 1 < maps->n ? m + 1 : NULL;
		if (m->kind == MAP_FOREIGN &&
		    ((m->id && rows_has(id, n, m->id)) ||
		     (!m->id && before && before->high == m->low &&
		      before->kind == MAP_OF_MODULE && before->write)))
			m->kind = MAP_OF_MODULE;
		if (!is_hidden(m, next))
			continue;
		m->late = m->kind;
		m->kind = MAP_NO_ROOT;
	}
}

static int begin(struct maps *out)
{
	out->n = 0;
	out->room = MAPS_MIN;
	out->list = arena_map(out->room * sizeof *out->list);
	return out->list ? 0 : -ENOMEM;
}

static int sort_out(struct maps *out)
{
	uint64_t *id = arena_map((out->n + 1) * sizeof *id);

	if (!id)
		return -ENOMEM;
	find_modules(out, id);
	return 0;
}

static char line[LINE] LARGE;

/* Counts all lines, and takes as many as there is room for. */
static int read_once(struct maps *out, int fd, bool kept)
{
	struct lines lines = {parse_line, out, line, sizeof line, 0};
	const char *text;
	size_t bytes;

	out->n = 0;
	if (!kept)
		return lines_read(&lines, fd);
	text = proc_maps(&bytes);
	lines_add(&lines, text, bytes);
	return 0;
}

static int make_room(struct maps *out)
{
	uint32_t room = out->n + out->n / 8;
	struct map *list = arena_resize(out->list, out->room * sizeof *list,
					room * sizeof *list);

	if (!list)
		return -ENOMEM;
	out->list = list;
	out->room = room;
	return 0;
}

/* What is listed must still be there when it is looked at. A list that moved to
 * grow, while it is read, would hold its own old place, and that would come to
 * hold other things of ours. So it grows between two readings. */
static int read_all(struct maps *out, int fd, bool kept)
{
	int err = begin(out);

	if (!err)
		err = read_once(out, fd, kept);
	while (!err && out->n > out->room) {
		err = make_room(out);
		if (!err && !kept &&
		    sys_failed(sys(SYS_lseek, fd, 0, SEEK_SET)))
			err = -ESPIPE;
		if (!err)
			err = read_once(out, fd, kept);
	}
	return err ? err : sort_out(out);
}

int maps_read_from(int fd, struct maps *out)
{
	return read_all(out, fd, false);
}

int maps_read(struct maps *out)
{
	long fd = fd_open_proc("self/maps", O_RDONLY);
	int err;

	if (sys_failed(fd) && proc_is_kept())
		return read_all(out, -1, true); /* for its child */
	if (sys_failed(fd))
		return fd;
	err = maps_read_from(fd, out);
	sys(SYS_close, fd);
	return err;
}

const struct map *maps_from(const struct maps *maps, uintptr_t address)
{
	if (!maps->n)
		return maps->list;
	return &maps->list[rows_above(&maps->list->high, sizeof *maps->list,
				      maps->n, address)];
}

const struct map *maps_find(const struct maps *maps, uintptr_t address)
{
	const struct map *map = maps_from(maps, address);

	return map < maps->list + maps->n && map->low <= address ? map : NULL;
}
