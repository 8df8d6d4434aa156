/*
 * See names_seen.h. Names are known by their hash, of 64 bits. When the table
 * is full, further names are new each time.
 */
#include <errno.h>
#include "base/arena.h"
#include "scan/rtti.h"
#include "snapshot/names_seen.h"
#include "snapshot/stream.h"

#define SEEN (1u << 18)
#define PROBES 32
#define CLASSES 4096

struct seen {
	uint64_t hash;
	uint32_t number;
};

static struct seen *seen;
static uint32_t last;
static char (*class_room)[RTTI_NAME];
static struct {
	uintptr_t vtable;
	uint32_t number;
} * classes;

int names_begin(void)
{
	seen = arena_map(SEEN * sizeof *seen);
	classes = arena_map(CLASSES * sizeof *classes);
	class_room = arena_map(sizeof *class_room);
	return seen && classes && class_room ? 0 : -ENOMEM;
}

/* FNV-1a, mixed. */
static uint64_t hash_of(const char *name, size_t length)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < length; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3u;
	h = (h ^ h >> 31) * 0x9e3779b97f4a7c15u;
	return h | 1;
}

/* The place of that hash, perhaps still free; NULL: there is none. */
static struct seen *place_of(uint64_t hash)
{
	uint32_t i, at = (uint32_t)(hash >> 32) % SEEN;

	for (i = 0; i < PROBES; i++, at = (at + 1) % SEEN)
		if (!seen[at].hash || seen[at].hash == hash)
			return &seen[at];
	return NULL;
}

static uint32_t write_name(struct stream *s, const char *name, size_t length)
{
	uint64_t hash = hash_of(name, length);
	struct seen *place = place_of(hash);

	if (place && place->hash) {
		stream_number(s, place->number);
		return place->number;
	}
	stream_number(s, ++last);
	stream_text(s, name, length);
	if (place)
		*place = (struct seen){hash, last};
	return last;
}

void names_write(struct stream *s, const char *name, size_t length)
{
	if (length)
		write_name(s, name, length);
	else
		stream_number(s, 0);
}

void names_write_class(struct stream *s, uintptr_t vtable)
{
	uint32_t at = (uint32_t)(vtable >> 3) % CLASSES;
	size_t length;

	if (classes[at].vtable == vtable) {
		stream_number(s, classes[at].number);
		return;
	}
	length = rtti_name(vtable, *class_room, RTTI_NAME);
	classes[at].vtable = vtable;
	classes[at].number = length ? write_name(s, *class_room, length) : 0;
	if (!length)
		stream_number(s, 0);
}
