/*
 * Reads and sorts out /proc/self/maps. Snapshot child only.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "base/arena.h"
#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"
#include "scan/maps.h"

#define MAPS_MIN 512
#define BUFFER 65536

struct parse {
	struct maps *out;
	char line[8192]; /* longer paths are cut: they decide nothing */
	size_t used;
};

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

static bool make_room(struct maps *out)
{
	uint32_t room = out->room * 2;
	struct map *list;

	if (out->room == UINT32_MAX)
		return false;
	if (out->n < out->room)
		return true;
	list = arena_resize(out->list, out->room * sizeof *list,
			    room * sizeof *list);
	if (list)
		out->list = list;
	out->room = list ? room : UINT32_MAX;
	return list;
}

/* low-high perms offset major:minor inode   name */
static void parse_line(struct maps *out, const char *s)
{
	uint64_t device, inode = 0;
	struct map *map;

	if (!make_room(out))
		return;
	map = &out->list[out->n];
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
	out->n++;
}

static void parse(struct parse *p, const char *at, size_t size)
{
	for (; size; at++, size--) {
		if (*at != '\n') {
			if (p->used < sizeof p->line - 1)
				p->line[p->used++] = *at;
			continue;
		}
		p->line[p->used] = 0;
		p->used = 0;
		parse_line(p->out, p->line);
	}
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static void sort_ids(uint64_t *id, uint32_t n)
{
	uint32_t i, j;

	for (i = 1; i < n; i++) {
		uint64_t x = id[i];

		for (j = i; j && compare(id[j - 1], x) > 0; j--)
			id[j] = id[j - 1];
		id[j] = x;
	}
}

static bool has_id(const uint64_t *id, uint32_t n, uint64_t x)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (id[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && id[low] == x;
}

/* Constant data of files holds no pointer to a block, but for what the loader
 * made constant after relocation, which lies right before writable data of the
 * same file. Who writes, and takes the right to write away, is rare. */
static bool is_hidden(const struct map *m, const struct map *next)
{
	if (!m->read)
		return true;
	return m->file && !m->write &&
	       !(next && next->id == m->id && next->write &&
		 next->low == m->high);
}

/* A file that code is mapped from is a module, the rest of its mappings is
 * its data; so is anonymous memory right behind (bss). */
static void find_modules(struct maps *maps, uint64_t *id)
{
	uint32_t i, n = 0;
	const struct map *next, *before;

	for (i = 0; i < maps->n; i++)
		if (maps->list[i].code && maps->list[i].id &&
		    (!n || id[n - 1] != maps->list[i].id))
			id[n++] = maps->list[i].id;
	sort_ids(id, n);
	for (i = 0; i < maps->n; i++) {
		struct map *m = &maps->list[i];

		before = i ? m - 1 : NULL;
		next = i + 1 < maps->n ? m + 1 : NULL;
		if (m->kind == MAP_FOREIGN &&
		    ((m->id && has_id(id, n, m->id)) ||
		     (!m->id && before && before->high == m->low &&
		      before->kind == MAP_OF_MODULE && before->write)))
			m->kind = MAP_OF_MODULE;
		if (!is_hidden(m, next))
			continue;
		m->late = m->kind;
		m->kind = MAP_NO_ROOT;
	}
}

static int begin(struct maps *out, struct parse **p)
{
	*p = arena_map(sizeof **p + BUFFER);
	out->n = 0;
	out->room = MAPS_MIN;
	out->list = arena_map(out->room * sizeof *out->list);
	if (!*p || !out->list)
		return -ENOMEM;
	(*p)->out = out;
	return 0;
}

static int sort_out(struct maps *out)
{
	uint64_t *id = arena_map((out->n + 1) * sizeof *id);

	if (!id)
		return -ENOMEM;
	find_modules(out, id);
	return 0;
}

int maps_read_from(int fd, struct maps *out)
{
	struct parse *p;
	int err = begin(out, &p);
	long n;

	if (err)
		return err;
	while ((n = sys(SYS_read, fd, p + 1, BUFFER)) > 0)
		parse(p, (char *)(p + 1), n);
	if (out->room == UINT32_MAX)
		return -ENOMEM;
	return n < 0 ? n : sort_out(out);
}

/* What the program noted for its child. */
static int read_kept(struct maps *out)
{
	struct parse *p;
	const char *text;
	size_t bytes;
	int err = begin(out, &p);

	if (err)
		return err;
	text = proc_maps(&bytes);
	parse(p, text, bytes);
	return sort_out(out);
}

int maps_read(struct maps *out)
{
	long fd = fd_open_proc("self/maps", O_RDONLY);
	int err;

	if (sys_failed(fd) && proc_is_kept())
		return read_kept(out);
	if (sys_failed(fd))
		return fd;
	err = maps_read_from(fd, out);
	sys(SYS_close, fd);
	return err;
}

const struct map *maps_from(const struct maps *maps, uintptr_t address)
{
	uint32_t low = 0, high = maps->n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (maps->list[mid].high <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return &maps->list[low];
}

const struct map *maps_find(const struct maps *maps, uintptr_t address)
{
	const struct map *map = maps_from(maps, address);

	return map < maps->list + maps->n && map->low <= address ? map : NULL;
}
