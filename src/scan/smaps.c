/*
 * Reads from /proc/self/smaps what maps does not tell. Snapshot child only: the
 * kernel walks all page tables for it.
 */
#include <string.h>
#include "base/lines.h"
#include "scan/maps.h"
#include "scan/smaps.h"

#define LINE 256 /* longer lines are cut: flags are in front */

struct parse {
	struct maps *maps;
	struct map *map; /* NULL: it is unknown */
};

static struct map *map_at(struct maps *maps, const char *s)
{
	uintptr_t low = 0;
	struct map *map;

	for (; *s && *s != '-'; s++)
		low = low << 4 |
		      (uintptr_t)(*s <= '9' ? *s - '0' : *s - 'a' + 10);
	map = &maps->list[maps_from(maps, low) - maps->list];
	return map < maps->list + maps->n && map->low == low ? map : NULL;
}

/* Whether the line is that key, with a number above 0. */
static bool is_some(const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n))
		return false;
	for (line += n; *line == ' '; line++)
		;
	return *line > '0' && *line <= '9';
}

/* Memory that the kernel may drop at any time ("dp", after "wf") holds nothing.
 * Such is the state of getrandom, which every program with glibc 2.41 has. */
static void parse_flags(struct map *map, const char *s)
{
	static const struct {
		char name[3];
		uint8_t rare;
	} known[] = {
		{"mw", MAP_MAY_WRITE}, {"wf", MAP_WIPED}, {"dc", MAP_ABSENT}};
	unsigned i;

	for (; s[0] && s[1]; s += s[2] ? 3 : 2) {
		if (s[0] == 'd' && s[1] == 'p')
			map->rare &= ~MAP_WIPED;
		for (i = 0; i < sizeof known / sizeof *known; i++)
			if (s[0] == known[i].name[0] &&
			    s[1] == known[i].name[1])
				map->rare |= known[i].rare;
	}
}

static void parse_line(const char *s, void *data)
{
	struct parse *p = data;

	if (*s < 'A' || *s > 'Z') {
		p->map = map_at(p->maps, s);
		return;
	}
	if (!p->map)
		return;
	if (is_some(s, "Rss:") || is_some(s, "Private_Hugetlb:") ||
	    is_some(s, "Shared_Hugetlb:"))
		p->map->rare |= MAP_PRESENT;
	else if (is_some(s, "Anonymous:"))
		p->map->rare |= MAP_OWN;
	else if (is_some(s, "Swap:"))
		p->map->rare |= MAP_PRESENT | MAP_OWN | MAP_SWAPPED;
	else if (!strncmp(s, "VmFlags: ", 9))
		parse_flags(p->map, s + 9);
}

int smaps_read_rare(int fd, struct maps *maps)
{
	struct parse p = {.maps = maps};
	char line[LINE];
	struct lines lines = {parse_line, &p, line, sizeof line, 0};

	return lines_read(&lines, fd);
}
